package acttest

import (
	"bytes"
	"crypto/sha256"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	actionRepository = "strandline-tf/strandline"
	releaseTag       = "v1.2.3"
)

// releases plays github.com: the assets of release v1.2.3, behind a redirect
// as GitHub's are. It returns its address and the file with its certificate.
func releases(t *testing.T, assets map[string]string) (address, certificate string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /"+actionRepository+"/releases/download/"+releaseTag+"/{asset}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/storage/"+r.PathValue("asset"), http.StatusFound)
	})
	mux.HandleFunc("GET /storage/{asset}", func(w http.ResponseWriter, r *http.Request) {
		body, ok := assets[r.PathValue("asset")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, body)
	})
	server := httptest.NewTLSServer(mux)
	t.Cleanup(server.Close)
	certificate = filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(certificate, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return server.URL, certificate
}

func checksum(body, name string) string {
	return fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(body)), name)
}

// install is one run of the script.
type install struct {
	repository string            // ACTION_REPOSITORY; actionRepository if empty
	ref        string            // ACTION_REF
	path       string            // ACTION_PATH, below a folder with a space in its name
	os, arch   string            // as the runner says them; Linux and X64 if empty
	without    string            // a program that the runner lacks
	tools      map[string]string // programs in front of the runner's own, as bash scripts
	env        []string          // more environment
}

// installed is what became of it.
type installed struct {
	binary string // path, "" where the script gave none
	output string // standard output and error
	err    error
}

func (in install) run(t *testing.T, server, certificate string) installed {
	t.Helper()
	temp := filepath.Join(t.TempDir(), "runner temp")
	checkout := filepath.Join(temp, "_actions", filepath.FromSlash(in.path))
	tools := filepath.Join(temp, "tools")
	for _, dir := range []string{checkout, tools} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, script := range in.tools {
		if err := os.WriteFile(filepath.Join(tools, name), []byte("#!/bin/bash\n"+script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	path := os.Getenv("PATH")
	if in.without != "" {
		path = pathWithout(t, in.without)
	}
	outputs := filepath.Join(temp, "outputs")
	cmd := exec.Command(program(t, "bash"), script(t, "install.sh"))
	cmd.Dir = temp
	cmd.Env = append(append(os.Environ(),
		"PATH="+tools+string(os.PathListSeparator)+path,
		"ACTION_PATH="+checkout,
		"ACTION_REPOSITORY="+or(in.repository, actionRepository),
		"ACTION_REF="+in.ref,
		"GITHUB_SERVER_URL="+server,
		"CURL_CA_BUNDLE="+certificate,
		"RUNNER_OS="+or(in.os, "Linux"),
		"RUNNER_ARCH="+or(in.arch, "X64"),
		"RUNNER_TEMP="+temp,
		"GITHUB_OUTPUT="+outputs,
	), in.env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	written, _ := os.ReadFile(outputs) // absent where the script failed
	binary, _ := strings.CutPrefix(strings.TrimSpace(string(written)), "binary=")
	return installed{binary: binary, output: out.String(), err: err}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func TestInstallRelease(t *testing.T) {
	const body = "#!/bin/sh\necho ran\n"
	const asset = "strandline_linux_amd64"
	tagged := install{ref: releaseTag, path: actionRepository + "/" + releaseTag}
	on := func(os, arch string) install {
		in := tagged
		in.os, in.arch = os, arch
		return in
	}
	tests := []struct {
		name    string
		install install
		assets  map[string]string
		fails   string // part of the message; "": the asset is installed
	}{
		{"right checksum", tagged, map[string]string{asset: body, "checksums.txt": checksum(body, asset)}, ""},
		{"folder as act names it", install{ref: releaseTag, path: "strandline-tf-strandline@" + releaseTag},
			map[string]string{asset: body, "checksums.txt": checksum(body, asset)}, ""},
		{"shasum instead of sha256sum", install{ref: releaseTag, path: tagged.path, without: "sha256sum",
			tools: map[string]string{"shasum": "[ \"$*\" = '-a 256' ] && " + program(t, "sha256sum")}},
			map[string]string{asset: body, "checksums.txt": checksum(body, asset)}, ""},
		{"nothing to verify with", install{ref: releaseTag, path: tagged.path, without: "sha256sum"},
			map[string]string{asset: body, "checksums.txt": checksum(body, asset)}, "neither sha256sum nor shasum"},
		{"wrong checksum", tagged, map[string]string{asset: body + "evil", "checksums.txt": checksum(body, asset)}, "wrong checksum"},
		{"checksum of another asset only", tagged, map[string]string{asset: body, "checksums.txt": checksum(body, asset+".exe")},
			"no checksum for " + asset},
		{"two checksums", tagged, map[string]string{asset: body, "checksums.txt": checksum(body, asset) + checksum("x", asset)},
			"no checksum for " + asset},
		{"checksums missing", tagged, map[string]string{asset: body}, "checksums.txt: is the release complete"},
		{"asset missing", tagged, map[string]string{"checksums.txt": checksum(body, asset)}, asset + ": is the release complete"},
		{"unknown architecture", on("Linux", "ARM"), nil, "architecture ARM"},
		{"unknown system", on("Solaris", "X64"), nil, "operating system Solaris"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server, certificate := releases(t, tt.assets)
			got := tt.install.run(t, server, certificate)
			if tt.fails != "" {
				if got.err == nil || got.binary != "" || !strings.Contains(got.output, "::error title=strandline::") ||
					!strings.Contains(got.output, tt.fails) {
					t.Errorf("installed %q, error %v; want none and a message with %q:\n%s", got.binary, got.err, tt.fails, got.output)
				}
				return
			}
			if got.err != nil {
				t.Fatalf("%v\n%s", got.err, got.output)
			}
			out, err := exec.Command(got.binary).CombinedOutput()
			if err != nil || string(out) != "ran\n" {
				t.Errorf("running %s: %q, %v", got.binary, out, err)
			}
		})
	}
}

// A download that isn't encrypted, or that leads to one, is refused.
func TestInstallWantsTLS(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	got := install{ref: releaseTag, path: actionRepository + "/" + releaseTag}.run(t, server.URL, "")
	if got.err == nil || !strings.Contains(got.output, "Protocol") {
		t.Errorf("error %v, want one about the protocol:\n%s", got.err, got.output)
	}
}

// Whatever isn't surely a release is built from the checkout, and nothing of a
// ref is ever run.
func TestInstallBuildsTheRest(t *testing.T) {
	const goTool = `case $1 in
build)
  printf 'GOOS=%s GOFLAGS=%s\n%s\n' "$GOOS" "$GOFLAGS" "$*"
  while [ "$1" != -o ]; do shift; done
  printf built >"$2" ;;
*) echo go0 ;;
esac
`
	const shellSyntax = "v1.2.3$(touch pwned)`touch pwned`;touch pwned"
	tests := []struct{ name, repository, ref, path string }{
		{"branch", "", "main", actionRepository + "/main"},
		{"moving tag", "", "v1", actionRepository + "/v1"},
		{"commit", "", strings.Repeat("a", 40), actionRepository + "/" + strings.Repeat("a", 40)},
		{"local", "", "", "work/repo/repo/./"},
		{"within a composite action of another release", "other/action", "v9.9.9", actionRepository + "/main"},
		{"ref that looks like a release", "", "v1.2.3/../../../evil", "x"},
		{"ref with shell syntax", "", shellSyntax, actionRepository + "/" + shellSyntax},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := install{repository: tt.repository, ref: tt.ref, path: tt.path, tools: map[string]string{"go": goTool},
				env: []string{"GOOS=plan9", "GOFLAGS=-mod=vendor"}}
			got := in.run(t, "https://127.0.0.1:1", "")
			if got.err != nil {
				t.Fatalf("%v\n%s", got.err, got.output)
			}
			if body := read(t, got.binary); body != "built" {
				t.Errorf("%s holds %q", got.binary, body)
			}
			if !strings.Contains(got.output, "GOOS= GOFLAGS=-mod=readonly\n") {
				t.Errorf("the job's Go settings reach the build:\n%s", got.output)
			}
			pwned, _ := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(got.binary)), "*pwned*"))
			if pwned != nil {
				t.Errorf("the ref was run: %v", pwned)
			}
		})
	}
}

func TestInstallBuildFails(t *testing.T) {
	tests := []struct {
		name    string
		install install
		want    string
	}{
		{"no Go", install{path: "local", without: "go"}, "no Go to build strandline with"},
		{"Go fails", install{path: "local", tools: map[string]string{
			"go": "[ \"$1\" = version ] && echo go version go0"}}, "can't build strandline with go version go0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := tt.install.run(t, "https://127.0.0.1:1", "")
			if got.err == nil || got.binary != "" || !strings.Contains(got.output, tt.want) {
				t.Errorf("installed %q, error %v; want %q:\n%s", got.binary, got.err, tt.want, got.output)
			}
		})
	}
}

// pathWithout returns a PATH with the programs that the script uses but one.
func pathWithout(t *testing.T, without string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"bash", "awk", "curl", "cut", "chmod", "go", "mktemp", "rm", "sha256sum"} {
		if name == without {
			continue
		}
		if err := os.Symlink(program(t, name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("this machine has no %s", name)
	}
	return path
}
