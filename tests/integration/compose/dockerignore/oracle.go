// Docker's own reading and matching of .dockerignore files, for main.rs: a file a line, as JSON.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/dockerignore"
	"github.com/moby/patternmatcher"
)

type question struct {
	Text  string
	Paths []string
}

// As BuildKit's walk: from the root, each directory's matches handed down.
func excluded(matcher *patternmatcher.PatternMatcher, path string) (bool, error) {
	var info patternmatcher.MatchInfo
	var hit bool
	var err error
	parts := strings.Split(path, "/")
	for at := range parts {
		hit, info, err = matcher.MatchesUsingParentResults(strings.Join(parts[:at+1], "/"), info)
		if err != nil {
			return false, err
		}
	}
	return hit, nil
}

func answer(one question) []bool {
	patterns, err := dockerignore.ReadAll(strings.NewReader(one.Text))
	if err != nil {
		return nil
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return nil
	}
	answers := []bool{}
	for _, path := range one.Paths {
		hit, err := excluded(matcher, path)
		if err != nil {
			return nil
		}
		answers = append(answers, hit)
	}
	return answers
}

func main() {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<24)
	output := json.NewEncoder(os.Stdout)
	for input.Scan() {
		var one question
		if json.Unmarshal(input.Bytes(), &one) != nil {
			os.Exit(1)
		}
		// null where Docker refuses the file.
		_ = output.Encode(answer(one))
	}
}
