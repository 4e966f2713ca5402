module wordmill-count

go 1.20
