// Command render-charts prints the objects of a Helm chart as Helm's own engine renders them, or those of a kustomization as
// kustomize builds it. It asks no cluster and no network.
//
//	render-charts helm FOLDER NAMESPACE VALUES-AS-JSON
//	render-charts lint FOLDER NAMESPACE VALUES-AS-JSON
//	render-charts kustomize FOLDER
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"sort"
	"strings"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func main() {
	text, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(text)
}

func run(words []string) (string, error) {
	switch {
	case len(words) == 2 && words[0] == "kustomize":
		return kustomize(words[1])
	case len(words) == 4 && words[0] == "helm":
		return helm(words[1], words[2], words[3])
	case len(words) == 4 && words[0] == "lint":
		return lintChart(words[1], words[2], words[3])
	}
	return "", errors.New("Cannot render: wanted helm or lint with FOLDER NAMESPACE VALUES, or kustomize FOLDER")
}

// helm renders as `helm install` does before it asks a cluster: values over defaults, one release, Kubernetes' default capabilities.
func helm(folder, namespace, valuesText string) (string, error) {
	chart, err := loader.LoadDir(folder)
	if err != nil {
		return "", err
	}
	values, err := chartutil.ReadValues([]byte(valuesText))
	if err != nil {
		return "", err
	}
	release := chartutil.ReleaseOptions{Name: chart.Name(), Namespace: namespace, Revision: 1, IsInstall: true}
	all, err := chartutil.ToRenderValues(chart, values, release, chartutil.DefaultCapabilities)
	if err != nil {
		return "", err
	}
	files, err := engine.Render(chart, all)
	if err != nil {
		return "", err
	}
	return joined(files), nil
}

// joined puts the files in the order of their names, as documents of one text.
func joined(files map[string]string) string {
	names := make([]string, 0, len(files))
	for name := range files {
		if extension := path.Ext(name); extension == ".yaml" || extension == ".yml" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var text strings.Builder
	for _, name := range names {
		text.WriteString("---\n" + files[name] + "\n")
	}
	return text.String()
}

// lintChart prints one line for each remark; an error among them is an error.
func lintChart(folder, namespace, valuesText string) (string, error) {
	values := map[string]interface{}{}
	if err := json.Unmarshal([]byte(valuesText), &values); err != nil {
		return "", err
	}
	var text strings.Builder
	for _, message := range lint.All(folder, values, namespace, true).Messages {
		text.WriteString(message.Error() + "\n")
	}
	return text.String(), nil
}

func kustomize(folder string) (string, error) {
	objects, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return "", err
	}
	text, err := objects.AsYaml()
	return string(text), err
}
