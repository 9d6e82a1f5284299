package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// samples are the times that one act took.
type samples []time.Duration

// quantile gives the time that the given share of the samples kept to (nearest
// rank).
func (s samples) quantile(share float64) time.Duration {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}

// row is one line of the table. A budget of 0 is none.
type row struct {
	what     string
	p50, p95 time.Duration
	n        int
	budget   time.Duration // for p95
	note     string
	section  bool
}

// table is what the run prints at its end.
type table struct{ rows []row }

func (t *table) section(name string) { t.rows = append(t.rows, row{what: name, section: true}) }

// hasTimes tells whether the section that begins at i holds times.
func (t *table) hasTimes(i int) bool {
	for _, r := range t.rows[i+1:] {
		if r.section {
			return false
		}
		if r.n > 0 {
			return true
		}
	}
	return false
}

func (t *table) add(r row) { t.rows = append(t.rows, r) }

// times adds a row of samples.
func (t *table) times(what string, s samples, budget time.Duration) {
	t.add(row{what: what, p50: s.quantile(0.50), p95: s.quantile(0.95), n: len(s), budget: budget})
}

func (t *table) print(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	for i, r := range t.rows {
		switch {
		case r.section:
			_, _ = fmt.Fprintf(tw, "\n%s\n", r.what)
			if t.hasTimes(i) {
				_, _ = fmt.Fprintf(tw, "  \tp50\tp95\tn\tbudget for p95\t\n")
			}
		case r.n == 0:
			_, _ = fmt.Fprintf(tw, "  %s\t%s\n", r.what, r.note)
		default:
			_, _ = fmt.Fprintf(tw, "  %s\t%s\t%s\t%d\t%s\t\n", r.what, milliseconds(r.p50), milliseconds(r.p95), r.n, r.verdict())
		}
	}
	return tw.Flush()
}

// verdict compares p95 with the budget.
func (r row) verdict() string {
	switch {
	case r.budget == 0:
		return ""
	case r.p95 <= r.budget:
		return fmt.Sprintf("≤ %s: kept", milliseconds(r.budget))
	default:
		return fmt.Sprintf("≤ %s: OVER", milliseconds(r.budget))
	}
}

func milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if ms < 100 {
		return fmt.Sprintf("%.2f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// against says whether a size keeps to its limit.
func against(n, limit int64) string {
	if n <= limit {
		return fmt.Sprintf("%s   ≤ %s: kept", megabytes(n), megabytes(limit))
	}
	return fmt.Sprintf("%s   ≤ %s: OVER", megabytes(n), megabytes(limit))
}
