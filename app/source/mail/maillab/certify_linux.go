package maillab

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// certify makes the servers' certificate, which only these tests trust. As with
// a public authority a second one stands between it and the root, and costs a
// line its bytes.
func (h *house) certify(names []net.IP) {
	root := &x509.Certificate{
		Subject: pkix.Name{Organization: []string{"Mail tests"}, CommonName: "mail test root"},
		IsCA:    true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	between := *root
	between.Subject.CommonName = "mail test E1"
	leaf := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "mail test"},
		IPAddresses: append([]net.IP{net.IPv4(127, 0, 0, 1)}, names...),
		DNSNames:    []string{"localhost", "127.0.0.1"}, // mbsync reads no other names
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, ip := range names {
		leaf.DNSNames = append(leaf.DNSNames, ip.String())
	}
	top := h.sign(root, nil)
	middle := h.sign(&between, &top)
	own := h.sign(leaf, &middle)
	keyDER, err := x509.MarshalPKCS8PrivateKey(own.key)
	if err != nil {
		h.t.Fatalf("write the key: %v", err)
	}
	h.write("tls/roots.pem", inPEM("CERTIFICATE", top.cert.Raw))
	h.write("tls/cert.pem", inPEM("CERTIFICATE", own.cert.Raw)+inPEM("CERTIFICATE", middle.cert.Raw))
	h.write("tls/key.pem", inPEM("PRIVATE KEY", keyDER))
	h.roots = x509.NewCertPool()
	h.roots.AddCert(top.cert)
}

// vouched is a certificate with its key.
type vouched struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// sign makes one for a day; nil signs itself.
func (h *house) sign(tmpl *x509.Certificate, by *vouched) (v vouched) {
	var err error
	if v.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		h.t.Fatalf("make a key: %v", err)
	}
	tmpl.SerialNumber = big.NewInt(time.Now().UnixNano())
	tmpl.NotBefore, tmpl.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	if by == nil {
		by = &vouched{tmpl, v.key}
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, by.cert, &v.key.PublicKey, by.key)
	if err == nil {
		v.cert, err = x509.ParseCertificate(der)
	}
	if err != nil {
		h.t.Fatalf("make a certificate: %v", err)
	}
	return v
}

func inPEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
