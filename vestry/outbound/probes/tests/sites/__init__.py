"""Sites to look at: a good one, bad ones, and one for each trap that a naive look falls into."""
