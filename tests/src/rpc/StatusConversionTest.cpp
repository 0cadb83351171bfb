#include "src/rpc/StatusConversion.h"

#include <grpcpp/support/status.h>

#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::rpc;

class StatusConversionTest : public QObject {
    Q_OBJECT
private slots:
    void everyCode();
    void reasonAndArgumentsTravel();
    void hostileTextIsMadePrintable();
    void detailsTravel();
    void whatDoesNotFitIsLeftOut();
    void foreignReasonsAreDetails();
    void brokenDetails();
    void unknownCodes();
};

namespace {

Status travelled(const Status& status) {
    return fromGrpc(toGrpc(status));
}

constexpr std::size_t kTrailer = 8 << 10;

}  // namespace

void StatusConversionTest::everyCode() {
    VERIFY_OK(travelled(absl::OkStatus()));
    QVERIFY(toGrpc(absl::OkStatus()).ok());
    for (int code = 1; code <= 16; ++code) {
        const Status status = makeError(static_cast<StatusCode>(code), "WHY", "a sentence");
        const grpc::Status sent = toGrpc(status);
        QCOMPARE(int(sent.error_code()), code);
        QCOMPARE(sent.error_message(), std::string("a sentence"));
        QVERIFY(fromGrpc(sent) == status);
    }
}

void StatusConversionTest::reasonAndArgumentsTravel() {
    const ErrorArguments arguments = {{"have", "1"},
                                      {"needed", "2"},
                                      {"missing", "RiverBank, Größe"},
                                      {"have", "again"},
                                      {"", ""}};
    const Status status =
        makeError(StatusCode::kPermissionDenied, "POLICY_NOT_SATISFIED", "not enough", arguments);
    const Status there = travelled(status);
    QCOMPARE(reasonOf(there), std::string("POLICY_NOT_SATISFIED"));
    QVERIFY(argumentsOf(there) == arguments);
    QVERIFY(there == status);
    // Without a reason nothing is made up.
    const Status plain(StatusCode::kInternal, "plain");
    QCOMPARE(reasonOf(travelled(plain)), std::string());
    QVERIFY(travelled(plain) == plain);
}

void StatusConversionTest::hostileTextIsMadePrintable() {
    const Status status =
        travelled(makeError(StatusCode::kInternal, "X", "a\r\n\x1B[31m\xFF", {{"name", "\xFFz"}}));
    QVERIFY(messageOf(status).find_first_of("\r\n\x1B\xFF") == std::string_view::npos);
    QVERIFY(argumentOf(status, "name").ends_with("z"));
    const Status remote = fromGrpc(grpc::Status(grpc::StatusCode::UNKNOWN, "\x1B]0;title\x07"));
    QVERIFY(messageOf(remote).find('\x1B') == std::string_view::npos);
}

void StatusConversionTest::detailsTravel() {
    const std::string url = "type.googleapis.com/gateway.ErrorDetail";
    const std::vector<StatusDetail> details = {{url, "peer0"}, {url, Bytes("\0\xFF", 2)}, {"", ""}};
    const Status status = withDetails(
        makeError(StatusCode::kAborted, "ENDORSE_FAILED", "failed", {{"a", "b"}}), details);
    const Status there = travelled(status);
    QCOMPARE(reasonOf(there), std::string("ENDORSE_FAILED"));
    const auto received = detailsOf(there);
    QCOMPARE(received.size(), details.size());
    for (std::size_t i = 0; i < details.size(); ++i) {
        QCOMPARE(received[i].typeUrl, details[i].typeUrl);
        QCOMPARE(received[i].value, details[i].value);
    }
    QVERIFY(detailsOf(makeError(StatusCode::kAborted, "X", "x")).empty());
    QVERIFY(withDetails(absl::OkStatus(), details).ok());
}

void StatusConversionTest::whatDoesNotFitIsLeftOut() {
    ErrorArguments arguments;
    for (int i = 0; i < 500; ++i) arguments.emplace_back("name", std::string(100, 'v'));
    Status status = makeError(StatusCode::kInternal, "LARGE", std::string(100'000, 's'), arguments);
    status = withDetails(status, {{"a/b", Bytes(1000, 'd')}, {"a/b", Bytes(10'000, 'd')}});
    const grpc::Status sent = toGrpc(status);
    // Both go into one trailer, the details in base64.
    QVERIFY(sent.error_message().size() + sent.error_details().size() * 4 / 3 < kTrailer);
    const Status there = fromGrpc(sent);
    QCOMPARE(reasonOf(there), std::string("LARGE"));
    QVERIFY(messageOf(there).starts_with("ssss"));
    QVERIFY(!argumentsOf(there).empty());
    QCOMPARE(detailsOf(there).size(), std::size_t(1));
}

void StatusConversionTest::foreignReasonsAreDetails() {
    // google.rpc.Status{details: Any{ErrorInfo{reason "X", domain "other"}}}
    const std::string url = "type.googleapis.com/google.rpc.ErrorInfo";
    const auto field = [](int number, const std::string& bytes) {
        return std::string(1, char(number << 3 | 2)) + std::string(1, char(bytes.size())) + bytes;
    };
    const auto statusWith = [&](const std::string& reason, const std::string& domain) {
        const std::string info = field(1, reason) + field(2, domain);
        return fromWire({5, "text", field(3, field(1, url) + field(2, info))});
    };
    QCOMPARE(reasonOf(statusWith("GOOD_1", "chancery")), std::string("GOOD_1"));
    QVERIFY(detailsOf(statusWith("GOOD_1", "chancery")).empty());
    for (const auto& [reason, domain] :
         {std::pair{"GOOD", "other"}, {"bad", "chancery"}, {"", "chancery"}, {"A B", "chancery"}}) {
        const Status status = statusWith(reason, domain);
        QCOMPARE(reasonOf(status), std::string());
        QCOMPARE(detailsOf(status).size(), std::size_t(1));
    }
}

void StatusConversionTest::brokenDetails() {
    const StatusOnTheWire whole =
        toWire(makeError(StatusCode::kNotFound, "GONE", "gone", {{"name", "value"}}));
    for (std::size_t size = 0; size < whole.details.size(); ++size) {
        const Status status = fromWire({whole.code, whole.message, whole.details.substr(0, size)});
        QVERIFY(status.code() == StatusCode::kNotFound);
        QCOMPARE(std::string(messageOf(status)), std::string("gone"));
    }
    const Status huge = fromWire({5, "gone", Bytes(1 << 20, '\x1A')});
    QCOMPARE(reasonOf(huge), std::string());
}

void StatusConversionTest::unknownCodes() {
    for (const int code : {-1, 17, 99, 1 << 30})
        QVERIFY(fromWire({code, "x", ""}).code() == StatusCode::kUnknown);
}

CHANCERY_TEST(StatusConversionTest)
#include "StatusConversionTest.moc"
