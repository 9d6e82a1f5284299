package mailtext

import "strings"

// typesByName are the media types of files that came without one.
var typesByName = map[string]string{
	"bmp": "image/bmp", "csv": "text/csv", "doc": "application/msword", "eml": "message/rfc822",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"gif":  "image/gif", "gz": "application/gzip", "heic": "image/heic", "htm": "text/html", "html": "text/html",
	"ics": "text/calendar", "jpeg": "image/jpeg", "jpg": "image/jpeg", "mp3": "audio/mpeg", "mp4": "video/mp4",
	"pdf": "application/pdf", "png": "image/png", "ppt": "application/vnd.ms-powerpoint",
	"pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	"rtf":  "application/rtf", "svg": "image/svg+xml", "tif": "image/tiff", "tiff": "image/tiff", "txt": "text/plain",
	"vcf": "text/vcard", "wav": "audio/wav", "webp": "image/webp", "xls": "application/vnd.ms-excel",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"xml":  "application/xml", "zip": "application/zip",
}

// anyType is what is known of no file more.
const anyType = "application/octet-stream"

// AttachmentName is a name a file can be saved by: the sender's, made safe, or
// one that tells of its type where the sender gave none.
func AttachmentName(name, mediaType string) string {
	if strings.TrimSpace(name) != "" {
		return SafeFileName(name)
	}
	return SafeFileName("file" + extensionOf(mediaType))
}

// extensionOf gives the shortest usual extension of a type, with its dot.
func extensionOf(mediaType string) string {
	best := ""
	for ext, t := range typesByName {
		if t == mediaType && (best == "" || len(ext) < len(best) || len(ext) == len(best) && ext < best) {
			best = ext
		}
	}
	if best == "" {
		return ""
	}
	return "." + best
}

// typeByName guesses a media type by a file's extension.
func typeByName(name string) string {
	_, ext := splitName(name)
	if t := typesByName[strings.ToLower(strings.TrimPrefix(ext, "."))]; t != "" {
		return t
	}
	return anyType
}
