package desk

// How many days back mail is brought in, as an account keeps it.
const (
	HorizonUnset   = 0 // nobody chose: DefaultHorizon
	HorizonAll     = -1
	DefaultHorizon = 90
)

// LineChoice is what a person chose about an account's line.
type LineChoice struct {
	Budget   int64 // bytes a day, both ways; 0: none
	TextOnly bool  // no files, no pictures, no HTML beside plain text
	Horizon  int   // days back that mail is brought in; 0: everything
}
