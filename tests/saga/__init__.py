"""Where holding and paying meet: every order of events, and nothing lost or sold twice."""
