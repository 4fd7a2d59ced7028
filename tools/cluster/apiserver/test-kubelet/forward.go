package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/kubelet/pkg/cri/streaming/portforward"
)

// dialTimeout is for a port of the node's own loopback.
const dialTimeout = 5 * time.Second

// forward is one port-forward: the kubelet's streaming code calls it when the streams are open.
type forward struct {
	node    *node
	request *http.Request
}

// servePortForward answers /portForward/NAMESPACE/POD as the kubelet does; the port is one of loopback in the node's network
// namespace, where containerd looks for those of a pod on the host's network.
func (n *node) servePortForward(w http.ResponseWriter, req *http.Request, pod string) {
	if !n.hasPod(pod) {
		http.Error(w, "pod does not exist", http.StatusNotFound)
		return
	}
	options, err := portforward.NewV4Options(req)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	n.record(pod, append([]string{"port-forward"}, portNames(options.Ports)...))
	portforward.ServePortForward(w, req, &forward{n, req}, pod, "", options, idleTimeout,
		30*time.Second, []string{"portforward.k8s.io"})
}

func portNames(ports []int32) []string {
	names := make([]string, len(ports))
	for i, port := range ports {
		names[i] = fmt.Sprint(port)
	}
	return names
}

// hasPod tells whether a container of `namespace/pod` was registered.
func (n *node) hasPod(pod string) bool {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	for known := range n.containers {
		if strings.HasPrefix(known, pod+"/") {
			return true
		}
	}
	return false
}

// PortForward copies both ways until either side ends.
func (f *forward) PortForward(_ context.Context, _ string, _ types.UID, port int32, stream io.ReadWriteCloser) error {
	if err := f.node.beforeStart(); err != nil {
		return err
	}
	connection, err := dialInside(f.node.netns, port)
	if err != nil {
		return err
	}
	defer connection.Close()
	ended := make(chan struct{}, 2)
	go func() {
		io.Copy(connection, stream)
		ended <- struct{}{}
	}()
	go func() {
		io.Copy(&faultyOutput{run: &run{node: f.node, request: f.request}, out: stream}, connection)
		ended <- struct{}{}
	}()
	<-ended
	return nil
}

// dialInside connects to loopback of a network namespace. Its thread is not used for anything else afterwards.
func dialInside(netns string, port int32) (net.Conn, error) {
	type dialled struct {
		connection net.Conn
		err        error
	}
	result := make(chan dialled, 1)
	go func() {
		// Never unlocked: the thread ends with this goroutine, and the namespace it is in with it.
		runtime.LockOSThread()
		file, err := os.Open(netns)
		if err != nil {
			result <- dialled{err: err}
			return
		}
		defer file.Close()
		if err := unix.Setns(int(file.Fd()), unix.CLONE_NEWNET); err != nil {
			result <- dialled{err: err}
			return
		}
		connection, err := net.DialTimeout("tcp4", fmt.Sprintf("127.0.0.1:%d", port), dialTimeout)
		result <- dialled{connection, err}
	}()
	done := <-result
	return done.connection, done.err
}
