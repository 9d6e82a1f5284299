package store

const childEnv = "FERNPOST_STORE_TEST_CHILD"

func child() {}
