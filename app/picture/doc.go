// Package picture makes photographs small enough for a thin line: fewer points,
// JPEG, without what the camera wrote beside them (where and when it was taken).
// It takes JPEG, PNG and WebP.
package picture
