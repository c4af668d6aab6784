package prove

// hiddenLast is why nothing is proven where the last plan told of a secret.
const hiddenLast = "what the last plan told to be secret was taken out after it: run it again"

// hide takes out of the proposal what is known to be secret by now, and reports
// whether there was anything. Whether an argument is needed only a plan can
// tell, where there is no schema: as long as there is another after the next,
// it is left away.
func (v *verifier) hide() bool {
	if v.secret == nil {
		return false
	}
	before := len(v.result.Repairs)
	for _, a := range v.batch.Resources() {
		if a.IsSecretID(v.secret) {
			v.remove(a.Address, "its name or id is also a value that is marked as sensitive elsewhere, and would be written down")
			continue
		}
		for _, name := range v.batch.Holding(a.Address, v.secret) {
			if v.batch.Withhold(a.Address, name, v.left() < 2) {
				v.note("%s: %s is secret: its value taken out, and its changes ignored", a.Address, name)
			}
		}
	}
	return len(v.result.Repairs) > before
}
