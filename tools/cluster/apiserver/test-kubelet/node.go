package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	remotecommandconsts "k8s.io/apimachinery/pkg/util/remotecommand"
	"k8s.io/kubelet/pkg/cri/streaming/remotecommand"
)

// idleTimeout is the kubelet's default for streams that carry nothing.
const idleTimeout = 4 * time.Hour

// node is one node of the lab: its network namespace and the listener that answers for it.
type node struct {
	netns      string
	port       int
	security   *security
	mutex      sync.Mutex
	fault      fault
	changed    chan struct{}
	listener   *faultyListener
	containers map[string]*container
	executed   []execution
	accepted   int
}

// execution is one command that was asked of a node, run or not.
type execution struct {
	Container string   `json:"container"`
	Command   []string `json:"command"`
}

// serveNode listens on a port of loopback that the kernel chooses; netns is a path that nsenter can open.
func serveNode(netns string, security *security) (*node, error) {
	n := &node{netns: netns, security: security, changed: make(chan struct{}), containers: map[string]*container{}}
	return n, n.listen()
}

func (n *node) listen() error {
	inner, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", n.port))
	if err != nil {
		return err
	}
	n.port = inner.Addr().(*net.TCPAddr).Port
	n.listener = &faultyListener{Listener: inner, node: n}
	server := &http.Server{
		Handler:      http.HandlerFunc(n.serve),
		TLSConfig:    n.security.config(),
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
		ConnContext: func(ctx context.Context, connection net.Conn) context.Context {
			return context.WithValue(ctx, connectionKey{}, connection)
		},
	}
	go server.ServeTLS(n.listener, "", "")
	return nil
}

// connectionKey finds the TCP connection of a request.
type connectionKey struct{}

// allow registers a container, `namespace/pod/container`, and the programs it has; without a list it has all of this machine.
func (n *node) allow(name string, commands []string, folder string) error {
	made, err := newContainer(name, commands, folder)
	if err != nil {
		return err
	}
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.containers[name] = made
	return nil
}

// history is what was asked of a node so far.
func (n *node) history() answer {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return answer{Executed: n.executed, Connections: n.accepted}
}

// serve answers what the API server asks of a node.
func (n *node) serve(w http.ResponseWriter, req *http.Request) {
	if refuse(w, req) {
		return
	}
	if pod, isForward := strings.CutPrefix(req.URL.Path, "/portForward/"); isForward && strings.Count(pod, "/") == 1 {
		n.servePortForward(w, req, pod)
		return
	}
	n.serveExec(w, req)
}

// serveExec answers /exec/NAMESPACE/POD/CONTAINER as the kubelet does, with the words of its refusals.
func (n *node) serveExec(w http.ResponseWriter, req *http.Request) {
	name, isExec := strings.CutPrefix(req.URL.Path, "/exec/")
	if !isExec || strings.Count(name, "/") != 2 {
		http.NotFound(w, req)
		return
	}
	found, status := n.find(name)
	if found == nil {
		http.Error(w, status.text, status.code)
		return
	}
	options, err := remotecommand.NewOptions(req)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	command := req.Form["command"]
	n.record(name, command)
	run := &run{node: n, container: found, request: req}
	remotecommand.ServeExec(w, req, run, "", "", name, command, options, idleTimeout,
		remotecommandconsts.DefaultStreamCreationTimeout, remotecommandconsts.SupportedStreamingProtocols)
}

type refusal struct {
	code int
	text string
}

func (n *node) find(name string) (*container, refusal) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if found, ok := n.containers[name]; ok {
		return found, refusal{}
	}
	pod, asked := name[:strings.LastIndex(name, "/")+1], name[strings.LastIndex(name, "/")+1:]
	for known := range n.containers {
		if strings.HasPrefix(known, pod) {
			return nil, refusal{http.StatusInternalServerError, fmt.Sprintf("container not found (%q)", asked)}
		}
	}
	return nil, refusal{http.StatusNotFound, "pod does not exist"}
}

func (n *node) record(name string, command []string) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.executed = append(n.executed, execution{name, command})
}
