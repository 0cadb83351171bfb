#include "src/base/Status.h"

#include "tests/support/TestMain.h"

using namespace chancery;

class StatusTest : public QObject {
    Q_OBJECT
private slots:
    void keepsReasonAndArguments();
    void contextKeepsThem();
    void foreignErrorsHaveNoReason();
};

void StatusTest::keepsReasonAndArguments() {
    const Status status = makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK", "there is no block 7",
                                    {{"number", "7"}, {"odd", "a:b\n12:"}});
    QCOMPARE(reasonOf(status), std::string("NO_SUCH_BLOCK"));
    QCOMPARE(argumentOf(status, "number"), std::string("7"));
    QCOMPARE(argumentOf(status, "odd"), std::string("a:b\n12:"));
    QCOMPARE(argumentsOf(status).size(), std::size_t(2));
}

void StatusTest::contextKeepsThem() {
    const Status status =
        withContext(makeError(StatusCode::kNotFound, "X", "gone", {{"a", "b"}}), "file 3");
    QCOMPARE(std::string(messageOf(status)), std::string("file 3: gone"));
    QCOMPARE(reasonOf(status), std::string("X"));
    QCOMPARE(argumentOf(status, "a"), std::string("b"));
    QVERIFY(withContext(absl::OkStatus(), "x").ok());
}

void StatusTest::foreignErrorsHaveNoReason() {
    QCOMPARE(reasonOf(absl::InternalError("x")), std::string());
    QVERIFY(argumentsOf(absl::InternalError("x")).empty());
}

CHANCERY_TEST(StatusTest)
#include "StatusTest.moc"
