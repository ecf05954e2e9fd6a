"""What the channels of all providers share: receiving media, sending part by part."""
