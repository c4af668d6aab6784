package model

// Profile is what the resources of a workspace have in common: what a new
// resource resembles is where it belongs. The maps count instances; the rarest
// entries of large workspaces may be missing.
type Profile struct {
	Workspace string
	Resources int            // managed instances
	Accounts  map[string]int // AWS account ids
	Regions   map[string]int
	Tags      map[string]int // "key=value", without the tag Name, which differs for each
	Prefixes  map[string]int // how names begin: "shop" and "shop-prod" of shop-prod-api
	VPCs      map[string]int // ids
	Services  map[string]int // "s3" of aws_s3_bucket
	Types     map[string]int
}
