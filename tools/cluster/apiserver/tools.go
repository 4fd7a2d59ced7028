//go:build tools

// Package tools pins what the API server of the cluster tests is made of; it is never compiled itself.
package tools

import _ "k8s.io/kubernetes/cmd/kube-apiserver"
