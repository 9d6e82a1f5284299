// Package question reads what a person types into the search field: words,
// "phrases", and operators such as from:maria or before:2026-11. It knows no
// store and never fails: what isn't an operator, or has a value that it can't
// read, is words.
package question
