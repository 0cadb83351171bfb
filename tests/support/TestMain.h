#pragma once

#include <QTest>
#include <functional>
#include <string>

/// So that a failed comparison shows what was compared.
template <>
inline char* QTest::toString(const std::string& text) {
    return qstrdup(text.c_str());
}

namespace chancery::test {

/// Makes a test class known to the program; CHANCERY_TEST does this.
struct Registration {
    Registration(const char* name, std::function<QObject*()> make);
};

}  // namespace chancery::test

/// Stands at the end of FooTest.cpp, before `#include "FooTest.moc"`. The program then runs the
/// class when it is called `test_<folder> FooTest [QtTest options]`, and all its classes when
/// called without a name.
#define CHANCERY_TEST(Class) \
    static const chancery::test::Registration k##Class(#Class, [] { return new Class; });

/// Fails the test with the status text; for absl::Status and absl::StatusOr alike.
#define VERIFY_OK(expression)                                                        \
    do {                                                                             \
        const auto& verifyOkValue = (expression);                                    \
        QVERIFY2(verifyOkValue.ok(), chancery::test::textOf(verifyOkValue).c_str()); \
    } while (false)

#include "absl/status/statusor.h"

namespace chancery::test {

inline std::string textOf(const absl::Status& status) {
    return status.ToString();
}
template <class T>
std::string textOf(const absl::StatusOr<T>& result) {
    return result.status().ToString();
}

}  // namespace chancery::test
