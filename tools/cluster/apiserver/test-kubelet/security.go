package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
)

// apiServerName is what the API server's client certificate says, as kubeadm issues it. A real kubelet asks the API server
// whether that name has the right nodes/proxy; here it is the only one that has.
const apiServerName = "kube-apiserver-kubelet-client"

type tlsFiles struct{ certificate, key, clientAuthority string }

type security struct {
	certificate     tls.Certificate
	clientAuthority *x509.CertPool
}

func (files tlsFiles) load() (*security, error) {
	certificate, err := tls.LoadX509KeyPair(files.certificate, files.key)
	if err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(files.clientAuthority)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority) {
		return nil, fmt.Errorf("no certificate in %s", files.clientAuthority)
	}
	return &security{certificate, pool}, nil
}

func (s *security) config() *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{s.certificate},
		// A client without a certificate gets an answer that says so; one with a foreign certificate gets no connection.
		ClientAuth: tls.VerifyClientCertIfGiven,
		ClientCAs:  s.clientAuthority,
		// Streams need HTTP/1.1.
		NextProtos: []string{"http/1.1"},
	}
}

// refuse answers whoever is not the API server. It returns whether it did.
func refuse(w http.ResponseWriter, req *http.Request) bool {
	if len(req.TLS.PeerCertificates) == 0 {
		http.Error(w, "Unauthorized", http.StatusUnauthorized)
		return true
	}
	name := req.TLS.PeerCertificates[0].Subject.CommonName
	if name == apiServerName {
		return false
	}
	message := fmt.Sprintf("Forbidden (user=%s, verb=create, resource=nodes, subresource(s)=[proxy])", name)
	http.Error(w, message, http.StatusForbidden)
	return true
}
