// Package words cuts text of any script into the tokens that search works
// with. Scripts that put spaces between words give words; Han, Kana, Hangul,
// Thai, Lao, Khmer and Myanmar give overlapping pairs of characters, so that
// every part of a sentence of two characters or more can be found without a
// dictionary. The same package cuts the text that is indexed, the text that is
// asked for and the text a snippet marks: only so do they always agree.
package words
