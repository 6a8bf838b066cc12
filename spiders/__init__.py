"""The outside world: one file per source. A name with an underscore is a platform that sources share."""
