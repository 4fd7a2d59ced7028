package main

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// fault is what is wrong with a node; the zero value is nothing.
type fault struct {
	// Refuse closes the listener and every connection: the machine is down.
	Refuse bool `json:"refuse"`
	// Silent takes connections and never says a word, not even of TLS.
	Silent bool `json:"silent"`
	// Hang opens the streams of an exec and never starts its command.
	Hang bool `json:"hang"`
	// DelayMilliseconds passes before a command starts.
	DelayMilliseconds int `json:"delayMilliseconds"`
	// BytesPerSecond bounds standard output.
	BytesPerSecond int `json:"bytesPerSecond"`
	// BreakAfterBytes of standard output resets the connection.
	BreakAfterBytes int64 `json:"breakAfterBytes"`
}

// setFault replaces what is wrong. Commands that hung before end with an error.
func (n *node) setFault(wanted fault) error {
	n.mutex.Lock()
	before := n.fault
	n.fault = wanted
	close(n.changed)
	n.changed = make(chan struct{})
	n.mutex.Unlock()
	if wanted.Refuse || before.Silent {
		n.listener.reset()
	}
	if wanted.Refuse && !before.Refuse {
		return n.listener.Close()
	}
	if before.Refuse && !wanted.Refuse {
		return n.listen()
	}
	return nil
}

func (n *node) currentFault() (fault, <-chan struct{}) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return n.fault, n.changed
}

// accept counts a connection and says what is wrong with it.
func (n *node) accept() fault {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.accepted++
	return n.fault
}

// beforeStart is what a command of this node waits for.
func (n *node) beforeStart() error {
	wrong, changed := n.currentFault()
	if wrong.Hang {
		<-changed
		return errors.New("it hung")
	}
	time.Sleep(time.Duration(wrong.DelayMilliseconds) * time.Millisecond)
	return nil
}

// faultyListener knows its connections, so that they can be broken.
type faultyListener struct {
	net.Listener
	node        *node
	mutex       sync.Mutex
	connections []net.Conn
}

func (l *faultyListener) Accept() (net.Conn, error) {
	for {
		connection, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l.mutex.Lock()
		l.connections = append(l.connections, connection)
		l.mutex.Unlock()
		if wrong := l.node.accept(); !wrong.Silent {
			return connection, nil
		}
	}
}

func (l *faultyListener) reset() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, connection := range l.connections {
		resetConnection(connection)
	}
	l.connections = nil
}

// resetConnection ends it as a machine does that knows nothing of it any more: without a goodbye of TLS or TCP.
func resetConnection(connection net.Conn) {
	if secured, ok := connection.(*tls.Conn); ok {
		connection = secured.NetConn()
	}
	if plain, ok := connection.(*net.TCPConn); ok {
		plain.SetLinger(0)
	}
	connection.Close()
}

// faultyOutput is standard output on its way to the API server.
type faultyOutput struct {
	run     *run
	out     interface{ Write([]byte) (int, error) }
	written int64
}

// pieceBytes is small enough for an even flow at a low rate.
const pieceBytes = 16 << 10

func (o *faultyOutput) Write(bytes []byte) (int, error) {
	total := 0
	for total < len(bytes) {
		wrong, _ := o.run.node.currentFault()
		piece := bytes[total:min(len(bytes), total+pieceBytes)]
		if left := wrong.BreakAfterBytes - o.written; wrong.BreakAfterBytes > 0 && int64(len(piece)) >= left {
			o.out.Write(piece[:max(0, left)])
			return total, o.run.breakConnection()
		}
		count, err := o.out.Write(piece)
		o.written += int64(count)
		total += count
		if err != nil {
			return total, err
		}
		if wrong.BytesPerSecond > 0 {
			time.Sleep(time.Duration(count) * time.Second / time.Duration(wrong.BytesPerSecond))
		}
	}
	return total, nil
}

func (r *run) breakConnection() error {
	if connection, ok := r.request.Context().Value(connectionKey{}).(net.Conn); ok {
		resetConnection(connection)
	}
	return http.ErrAbortHandler
}
