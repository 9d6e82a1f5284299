// Package sourcetest is the contract that every source must pass: what intake
// and outbox rely on, tried against a real or an embedded server. A source's
// own tests call Run with a Lab, which is the server's other side: it delivers
// mail as a customer would, counts what arrived, and cuts the line.
package sourcetest
