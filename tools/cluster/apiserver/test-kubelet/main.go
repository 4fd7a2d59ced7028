// Program test-kubelet serves exec and port-forward for the nodes of a lab, one HTTPS listener each, with the streaming code of the real
// kubelet. Orders come as JSON lines on standard input and are answered one for one; it ends when that input ends.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
)

func main() {
	var files tlsFiles
	flag.StringVar(&files.certificate, "certificate", "", "serving certificate, PEM file")
	flag.StringVar(&files.key, "key", "", "its key, PEM file")
	flag.StringVar(&files.clientAuthority, "client-authority", "", "authority of the client certificates, PEM file")
	programs := flag.String("programs", "", "folder for the programs that containers have")
	flag.Parse()
	if err := serve(files, *programs); err != nil {
		log.Fatal(err)
	}
}

func serve(files tlsFiles, programs string) error {
	security, err := files.load()
	if err != nil {
		return err
	}
	kubelet := &kubelet{security: security, programs: programs, nodes: map[string]*node{}}
	orders := bufio.NewScanner(os.Stdin)
	orders.Buffer(nil, 1<<20)
	answers := json.NewEncoder(os.Stdout)
	for orders.Scan() {
		if err := answers.Encode(kubelet.obey(orders.Bytes())); err != nil {
			return err
		}
	}
	return orders.Err()
}

// kubelet is all nodes of one lab.
type kubelet struct {
	security *security
	programs string
	nodes    map[string]*node
}

// order is one line of standard input. Do says which of the other fields count.
type order struct {
	ID        int      `json:"id"`
	Do        string   `json:"do"`
	Node      string   `json:"node"`
	Netns     string   `json:"netns"`
	Container string   `json:"container"`
	Commands  []string `json:"commands"`
	Fault     fault    `json:"fault"`
}

type answer struct {
	ID          int         `json:"id"`
	Error       string      `json:"error,omitempty"`
	Port        int         `json:"port,omitempty"`
	Executed    []execution `json:"executed,omitempty"`
	Connections int         `json:"connections,omitempty"`
}

func (k *kubelet) obey(line []byte) answer {
	var given order
	if err := json.Unmarshal(line, &given); err != nil {
		return answer{Error: err.Error()}
	}
	reply, err := k.perform(given)
	reply.ID = given.ID
	if err != nil {
		reply.Error = err.Error()
	}
	return reply
}

func (k *kubelet) perform(given order) (answer, error) {
	if given.Do == "serve" {
		served, err := serveNode(given.Netns, k.security)
		if err != nil {
			return answer{}, err
		}
		k.nodes[given.Node] = served
		return answer{Port: served.port}, nil
	}
	known, ok := k.nodes[given.Node]
	if !ok {
		return answer{}, fmt.Errorf("no node %s", given.Node)
	}
	switch given.Do {
	case "allow":
		return answer{}, known.allow(given.Container, given.Commands, k.programs)
	case "fault":
		return answer{}, known.setFault(given.Fault)
	case "history":
		return known.history(), nil
	}
	return answer{}, fmt.Errorf("no order %s", given.Do)
}
