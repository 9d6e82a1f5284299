package desk

// DefaultHorizon is how many days back mail is brought in unless somebody
// chose otherwise.
const DefaultHorizon = 90

// LineChoice is what a person chose about an account's line.
type LineChoice struct {
	Budget   int64 // bytes a day, both ways; 0: none
	TextOnly bool  // no files, no pictures, no HTML beside plain text
	Horizon  int   // days back that mail is brought in; 0: everything
}
