#pragma once

/// How tests steer the token of FakeModule.cpp; from dlsym("fakeToken").
struct FakeToken {
    int triesLeft = 3;
    int logins = 0;        ///< calls of C_Login that compared a PIN
    int sessions = 0;      ///< open now
    int mostSessions = 0;  ///< 0: any number
    bool removed = false;
    bool loggedIn = false;
};
using FakeTokenOf = FakeToken* (*)();
