// Command sdks generates the SDKs of a Pulumi package: sdks SCHEMA.json FOLDER.
//
// The CLI asks a language host of each language for this; they are no Go modules of their own.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// noPackages is the loader of a schema that refers to no other one.
type noPackages struct{ schema.ReferenceLoader }

func main() {
	if err := generate(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func generate(schemaFile, folder string) error {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		return err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, noPackages{}, schema.ValidationOptions{})
	if err != nil {
		return err
	}
	if len(diagnostics) > 0 {
		return errors.New(diagnostics.Error())
	}
	pkg.SupportPack = true
	files, err := nodejs.GeneratePackage("sdks", pkg, nil, nil, true, noPackages{})
	if err == nil {
		err = write(filepath.Join(folder, "nodejs"), files)
	}
	if err == nil {
		files, err = python.GeneratePackage("sdks", pkg, nil, noPackages{})
	}
	if err == nil {
		err = write(filepath.Join(folder, "python"), files)
	}
	if err == nil {
		files, err = golang.GeneratePackage("sdks", pkg, nil)
	}
	if err == nil {
		err = write(filepath.Join(folder, "go"), files)
	}
	return err
}

func write(folder string, files map[string][]byte) error {
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
