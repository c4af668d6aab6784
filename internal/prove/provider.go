package prove

import (
	"regexp"
	"strings"
)

// missingProvider finds the provider that can't be installed in the words of
// `terraform init`, and of a plan that finds it lacking: "Could not retrieve the
// list of available versions for provider hashicorp/aws", "provider
// registry.terraform.io/hashicorp/aws: required by this configuration but no
// version is selected".
var missingProvider = regexp.MustCompile(`\bprovider(?: named)? "?((?:[\w.-]+/)?[\w-]+/([\w-]+))`)

// withoutProvider takes what needs a provider out that can't be installed, as
// long as anything is left without: of one that everything needs, the proposal
// is not to blame. It reports whether it took anything out.
func (v *verifier) withoutProvider(said string) bool {
	said = strings.Join(strings.Fields(said), " ")
	lacking := map[string]string{} // by how types begin
	for _, m := range missingProvider.FindAllStringSubmatch(said, -1) {
		lacking[m[2]] = m[1]
	}
	list := v.batch.Resources()
	var out []string
	for _, a := range list {
		if prefix, _, _ := strings.Cut(a.Address, "_"); lacking[prefix] != "" {
			out = append(out, a.Address)
		}
	}
	if len(out) == len(list) {
		return false
	}
	for _, address := range out {
		prefix, _, _ := strings.Cut(address, "_")
		v.remove(address, "the workspace can't use the provider `"+lacking[prefix]+"`: add it to required_providers")
	}
	return len(out) > 0
}
