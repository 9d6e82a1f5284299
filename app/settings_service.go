package app

import (
	"context"
	"net/url"
	"slices"

	"fernpost/i18n"
	"fernpost/store"
	"fernpost/store/desk"
)

// Settings keeps what an agent chose, on this computer.
type Settings struct {
	calls calls
	build Build
	open  func(url string) // hands a checked link to the system's browser
}

// Setting names, as stored.
const (
	settingTheme  = "theme"
	settingLocale = "locale"
	settingKeys   = "keys"
)

// Get gives every choice.
func (s *Settings) Get() (SettingsView, error) {
	return read(s.calls, "read settings", func(ctx context.Context, d *Desk) (SettingsView, error) {
		v := SettingsView{
			Locales: i18n.Locales, DataDir: d.dir, Version: s.build.Version,
			Notice: store.FolderWarning(d.dir), Full: d.store.Full(),
		}
		if system := i18n.System(); system != "" {
			v.System = i18n.Match(system)
		}
		harm, err := d.store.Harm(ctx)
		if err != nil {
			return v, err
		}
		v.Harm = harmView(harm)
		if v.Theme, err = d.store.Setting(ctx, settingTheme, "system"); err != nil {
			return v, err
		}
		if v.Locale, err = d.store.Setting(ctx, settingLocale, ""); err != nil {
			return v, err
		}
		keys, err := d.store.Setting(ctx, settingKeys, "on")
		v.Keys = keys == "on"
		return v, err
	})
}

// Opening tells how far the store is from being open: after an update it may be
// changed first. Every other call gives kind opening meanwhile.
func (s *Settings) Opening() OpeningView { return s.calls.opening.view() }

// SetTheme takes system, light or dark.
func (s *Settings) SetTheme(theme string) error {
	return s.put("set theme", settingTheme, theme, []string{"system", "light", "dark"})
}

// SetLocale takes an offered locale, or "" to follow the system.
func (s *Settings) SetLocale(locale string) error {
	return s.put("set language", settingLocale, locale, append([]string{""}, i18n.Locales...))
}

// SetKeys switches the single-letter keys on or off.
func (s *Settings) SetKeys(on bool) error {
	value := "off"
	if on {
		value = "on"
	}
	return s.put("set keys", settingKeys, value, []string{"on", "off"})
}

func (s *Settings) put(what, key, value string, allowed []string) error {
	return do(s.calls, what, func(ctx context.Context, d *Desk) error {
		if !slices.Contains(allowed, value) {
			return desk.E(desk.KindInvalid, what, nil)
		}
		return d.store.PutSetting(ctx, key, value)
	})
}

// linkSchemes are what a mail's link may open outside the app.
var linkSchemes = []string{"http", "https", "mailto", "tel"}

// OpenLink hands a link to the system's browser after a check of its scheme.
func (s *Settings) OpenLink(link string) error {
	u, err := url.Parse(link)
	if err != nil || !slices.Contains(linkSchemes, u.Scheme) {
		return desk.E(desk.KindUnsafe, "open link", nil)
	}
	s.open(u.String())
	return nil
}
