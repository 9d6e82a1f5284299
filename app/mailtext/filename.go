package mailtext

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxFileName is in bytes: 255 is the limit of most file systems, and a part
// mark or a copy's number must still fit.
const maxFileName = 180

// SafeFileName makes a name that can be written on every system and reads as
// what it is: without path, control and direction characters, without the names
// and endings Windows reserves, not too long. The extension stays.
func SafeFileName(name string) string {
	name = strings.ToValidUTF8(name, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		case unicode.IsControl(r), isInvisible(r), r == 0x200e, r == 0x200f, r == 0x061c, r == utf8.RuneError:
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = strings.TrimLeft(strings.TrimRight(name, ". "), ". ")
	stem, ext := splitName(name)
	if len(ext) > 20 {
		stem, ext = name, ""
	}
	stem = strings.TrimRight(cutBytes(stem, maxFileName-len(ext)), ". ")
	if stem == "" {
		stem = "file"
	}
	if isDevice(stem) {
		stem = "_" + stem
	}
	return stem + ext
}

func splitName(name string) (stem, ext string) {
	ext = path.Ext(name)
	if ext == name || len(ext) == 1 {
		return name, ""
	}
	return strings.TrimSuffix(name, ext), ext
}

// cutBytes cuts at a character's border.
func cutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// isDevice tells that Windows takes a name for a device, whatever the extension.
func isDevice(stem string) bool {
	first, _, _ := strings.Cut(stem, ".")
	switch upper := strings.ToUpper(strings.TrimRight(first, " ")); upper {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	default:
		rest, isCom := strings.CutPrefix(upper, "COM")
		if !isCom {
			var isLpt bool
			if rest, isLpt = strings.CutPrefix(upper, "LPT"); !isLpt {
				return false
			}
		}
		r, n := utf8.DecodeRuneInString(rest)
		return n > 0 && n == len(rest) && strings.ContainsRune("0123456789¹²³", r)
	}
}

// riskyExtensions run, install or lead somewhere when opened.
var riskyExtensions = strings.Fields(`
	ade adp apk app application appref-ms appx appxbundle bas bat cab chm cmd com command cpl crt
	deb desktop diagcab dll dmg docm dotm elf exe gadget grp hlp hta htm html img inf ins inx iqy
	iso isp its jar jnlp js jse key ksh lib library-ms lnk mad maf mag mam maq mar mas mat mau mav
	maw mda mdb mde mdt mdw mdz mht mhtml msc msh msh1 msh2 mshxml msi msix msp mst nsh one ops
	osd pcd pif pkg pl plg ppam potm pptm prf prg ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psm1 py pyc
	pyw rdp reg rpm run scf scpt scr sct search-ms settingcontent-ms sh shb shs slk svg svgz sys
	theme tmp url vb vbe vbp vbs vhd vhdx vsmacros vsw vxd website workflow ws wsc wsf wsh xbap
	xla xlam xll xlm xlsb xlsm xltm xnk`)

var riskyTypes = []string{
	"application/x-msdownload", "application/x-msdos-program", "application/x-executable",
	"application/x-sh", "application/x-bat", "application/java-archive", "application/hta",
	"application/javascript", "text/javascript", "text/html", "image/svg+xml",
	"application/x-ms-shortcut", "application/vnd.android.package-archive",
	"application/vnd.microsoft.portable-executable", "application/x-msi",
}

// Risky tells that opening a file may run a program: by any of its last two
// extensions (invoice.pdf.exe, invoice.exe.zip is judged by what it holds, not
// here) or by the type the sender declared.
func Risky(name, mediaType string) bool {
	mediaType, _, _ = strings.Cut(strings.ToLower(mediaType), ";")
	if slices.Contains(riskyTypes, strings.TrimSpace(mediaType)) {
		return true
	}
	_, ext := splitName(SafeFileName(name))
	return slices.Contains(riskyExtensions, strings.ToLower(strings.TrimPrefix(strings.TrimSpace(ext), ".")))
}
