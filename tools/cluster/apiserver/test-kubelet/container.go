package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/remotecommand"
	utilexec "k8s.io/utils/exec"
)

// systemFolders hold programs that an ordinary user's PATH may miss.
const systemFolders = ":/usr/sbin:/usr/bin:/sbin:/bin"

// container is what a pod's container can run: the programs of a folder, or all of this machine when there is none.
type container struct{ path string }

func newContainer(name string, commands []string, folder string) (*container, error) {
	everything := os.Getenv("PATH") + systemFolders
	if commands == nil {
		return &container{everything}, nil
	}
	own := filepath.Join(folder, strings.ReplaceAll(name, "/", "+"))
	if err := os.MkdirAll(own, 0o755); err != nil {
		return nil, err
	}
	for _, command := range commands {
		program := findProgram(command, everything)
		if program == "" {
			continue
		}
		if err := os.Symlink(program, filepath.Join(own, command)); err != nil && !errors.Is(err, os.ErrExist) {
			return nil, err
		}
	}
	return &container{own}, nil
}

// findProgram returns the absolute path of a program, or nothing.
func findProgram(command, path string) string {
	for _, folder := range filepath.SplitList(path) {
		candidate := filepath.Join(folder, command)
		if found, err := os.Stat(candidate); err == nil && !found.IsDir() && found.Mode()&0o111 != 0 {
			return candidate
		}
	}
	return ""
}

// run is one exec: the kubelet's streaming code calls it when the streams are open.
type run struct {
	node      *node
	container *container
	request   *http.Request
}

// ExecInContainer runs a command in the node's network namespace. A full pipe holds the command back; a client that is gone
// ends it at its next write.
func (r *run) ExecInContainer(_ context.Context, _ string, _ types.UID, _ string, command []string, in io.Reader,
	out, stderr io.WriteCloser, tty bool, _ <-chan remotecommand.TerminalSize, _ time.Duration) error {
	if tty || len(command) == 0 {
		return errors.New("this kubelet has no terminals and needs a command")
	}
	if err := r.node.beforeStart(); err != nil {
		return err
	}
	// A path is looked up by its last part: where an image keeps a program is not where this machine does.
	program := findProgram(filepath.Base(command[0]), r.container.path)
	if program == "" {
		return notFound(command[0])
	}
	child := exec.Command(findProgram("nsenter", systemFolders), append([]string{"--net=" + r.node.netns, "--", program}, command[1:]...)...)
	child.Env = []string{"PATH=" + r.container.path, "HOME=/root", "XTABLES_LOCKFILE=/dev/null"}
	// Whoever ends this program ends what it started.
	child.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if out != nil {
		child.Stdout = &faultyOutput{run: r, out: out}
	}
	if stderr != nil {
		child.Stderr = stderr
	}
	return exitOf(runChild(child, in))
}

// runChild does not wait for the end of standard input: a client may keep it open longer than the command lives.
func runChild(child *exec.Cmd, in io.Reader) error {
	if in != nil {
		pipe, err := child.StdinPipe()
		if err != nil {
			return err
		}
		go func() {
			defer pipe.Close()
			io.Copy(pipe, in)
		}()
	}
	return child.Run()
}

// notFound has the words of containerd and runc, as the API server passes them on.
func notFound(command string) error {
	return fmt.Errorf("failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: "+
		"unable to start container process: exec: %q: executable file not found in $PATH: unknown", command)
}

// exitOf tells the streaming code the exit code; of a command ended by a signal as shells count it.
func exitOf(err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	status := exit.Sys().(syscall.WaitStatus)
	code := status.ExitStatus()
	if status.Signaled() {
		code = 128 + int(status.Signal())
	}
	return utilexec.CodeExitError{Err: fmt.Errorf("command terminated with exit code %d", code), Code: code}
}
