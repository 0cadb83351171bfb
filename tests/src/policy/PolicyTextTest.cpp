#include <fmt/format.h>

#include <random>

#include "fabric/common/policies.pb.h"
#include "src/base/Encoding.h"
#include "src/policy/SignaturePolicy.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::policy;

namespace {

common::SignaturePolicyEnvelope envelopeOf(const std::string& bytes) {
    common::SignaturePolicyEnvelope envelope;
    [&] { QVERIFY(envelope.ParseFromString(bytes)); }();
    return envelope;
}

std::string repeated(std::string_view text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
}

/// A random policy in text, with its random choices of spelling.
class RandomText {
public:
    explicit RandomText(std::uint32_t seed) : m_random(seed) {}

    std::string gate(int depth) {
        const int count = pick(1, 4);
        std::string arguments;
        for (int i = 0; i < count; ++i)
            arguments += (i > 0 ? "," + space() : "") +
                         (depth > 0 && pick(0, 2) == 0 ? gate(depth - 1) : leaf());
        const int kind = pick(0, 2);
        if (kind == 0) return one({"AND", "and", "And"}) + space() + "(" + arguments + ")";
        if (kind == 1) return one({"OR", "or", "Or"}) + "(" + space() + arguments + ")";
        return one({"OutOf", "outof", "OUTOF"}) +
               fmt::format("({},{})", pick(0, count + 1), arguments);
    }

private:
    std::string leaf() {
        const std::string quote = one({"'", "\""});
        return quote + one({"AlphaMSP", "BetaMSP", "org-1.msp", "0", "A.peer"}) + "." +
               one({"member", "admin", "client", "peer", "orderer"}) + quote;
    }
    std::string space() { return one({"", " ", "\t\n", "\u00a0"}); }
    std::string one(std::vector<std::string> of) {
        return of[pick(0, static_cast<int>(of.size()) - 1)];
    }
    int pick(int from, int to) { return std::uniform_int_distribution(from, to)(m_random); }

    std::mt19937 m_random;
};

}  // namespace

class PolicyTextTest : public QObject {
    Q_OBJECT

private slots:
    void readsWhatFabricReads() {
        const auto& rows = test::facts()["policies"]["dsl"];
        QVERIFY(rows.size() > 70);
        for (const auto& row : rows) {
            const std::string text = row["dsl"];
            const auto parsed = parsePolicyText(text);
            if (row.contains("error")) {
                QVERIFY2(!parsed.ok(), text.c_str());
                QVERIFY2(!row["error"].get<std::string>().empty(), text.c_str());
                QCOMPARE(reasonOf(parsed.status()), std::string("BAD_POLICY_TEXT"));
                continue;
            }
            QVERIFY2(parsed.ok(), (text + ": " + parsed.status().ToString()).c_str());
            QCOMPARE(toHex(parsed->SerializeAsString()), row["envelope_hex"].get<std::string>());
        }
    }

    void readsThePoliciesOfTheEvaluations() {
        int count = 0;
        for (const auto& row : test::facts()["policies"]["evaluations"]) {
            if (!row.contains("dsl")) continue;
            const auto parsed = parsePolicyText(row["dsl"].get<std::string>());
            VERIFY_OK(parsed);
            QCOMPARE(toHex(parsed->SerializeAsString()), row["envelope_hex"].get<std::string>());
            ++count;
        }
        QVERIFY(count > 300);
    }

    void printsWhatItReadsAgain() {
        for (const auto& row : test::facts()["policies"]["dsl"]) {
            if (!row.contains("envelope_hex")) continue;
            const std::string bytes = *fromHex(row["envelope_hex"].get<std::string>());
            const auto text = printPolicyText(envelopeOf(bytes));
            VERIFY_OK(text);
            const auto again = parsePolicyText(*text);
            VERIFY_OK(again);
            QCOMPARE(again->SerializeAsString(), bytes);
        }
    }

    void randomTextsSurviveARound() {
        for (std::uint32_t seed = 0; seed < 2000; ++seed) {
            const std::string text = RandomText(seed).gate(4);
            const auto parsed = parsePolicyText(text);
            QVERIFY2(parsed.ok(), (text + ": " + parsed.status().ToString()).c_str());
            const auto printed = printPolicyText(*parsed);
            VERIFY_OK(printed);
            const auto again = parsePolicyText(*printed);
            VERIFY_OK(again);
            QCOMPARE(again->SerializeAsString(), parsed->SerializeAsString());
            QCOMPARE(*printPolicyText(*again), *printed);
        }
    }

    void errorsTeach_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("offset");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* text, int offset, const char* says) {
            QTest::addRow("%s", text) << QString(text) << offset << QString(says);
        };
        row("", 0, "the text is empty; a policy is a gate");
        row("  ", 2, "the text is empty");
        row("'AlphaMSP.member'", 0, "write OR('AlphaMSP.member')");
        row("AlphaMSP.member", 0, "principals stand in quotes: 'AlphaMSP.member'");
        row("OR(AlphaMSP.member)", 3, "principals stand in quotes");
        row("OR('A')", 3, "'A' names no role; write 'A.member'");
        row("OR('A.Member')", 6, "lower case: 'A.member'");
        row("OR('A.reader')", 6, "a role is member, admin, client, peer or orderer");
        row("OR('A_1.peer')", 5, "letters, digits, '.' and '-'");
        row("OR('.peer')", 4, "an MSP id is missing");
        row("outOf(1,'A.peer')", 0, "unknown gate 'outOf'; write OutOf");
        row("aND('A.peer')", 0, "write AND");
        row("NOT('A.peer')", 0, "there are AND, OR and OutOf");
        row("OR 'A.peer'", 3, "expected '(' behind OR, found 'A.peer'");
        row("OR('A.peer'", 11, "expected ',' or ')', found the end of the text");
        row("OR('A.peer'))", 12, "closes nothing");
        row("OR('A.peer',)", 12, "missing between ',' and ')'");
        row("OR('A.peer' 'B.peer')", 12, "expected ',' or ')', found 'B.peer'");
        row("OR('A.peer", 3, "opened but not closed");
        row("OR()", 3, "OR needs at least one");
        row("OutOf()", 6, "expected a number, found ')'");
        row("OutOf(1)", 7, "expected ',' and a principal");
        row("OutOf(1,)", 8, "at least one");
        row("OutOf('A.peer',1)", 7, "expected a number, found 'A.peer'");
        row("OutOf(1,2,'A.peer')", 8, "only OutOf takes a number");
        row("OR(1,'A.peer')", 3, "only OutOf takes a number");
        row("OutOf(4,'A.peer','B.peer')", 6, "a number from 0 to 3 here, because it has 2 rules");
        row("OutOf(-1,'A.peer')", 6, "a number from 0 to 2 here, because it has 1 rule");
        row("OutOf(1/0,'A.peer')", 6, "a number from 0 to 2");
        row("OutOf(0/0,'A.peer')", 6, "a number from 0 to 2");
        row("OutOf(1.2.3,'A.peer')", 6, "'1.2.3' is not a number");
        row("OutOf('1x','A.peer')", 8, "the number ends before 'x'");
        row("AND('A.peer') || AND('B.peer')", 14, "put them into one gate");
        row("OR('A.peer', true)", 13, "there are AND, OR and OutOf");
        row("('A.peer')", 1, "a principal alone is not a policy");
        row("(OR('A.peer')", 13, "expected ')'");
        row("OR('A.peer\u202e')", 6, "'peer\\u{202e}' is not a role");
    }
    void errorsTeach() {
        QFETCH(QString, text);
        const Status status = parsePolicyText(text.toStdString()).status();
        QCOMPARE(reasonOf(status), std::string("BAD_POLICY_TEXT"));
        QFETCH(int, offset);
        QCOMPARE(QString::fromStdString(argumentOf(status, "offset")).toInt(), offset);
        QFETCH(QString, says);
        const QString message = QString::fromStdString(std::string(messageOf(status)));
        QVERIFY2(message.contains(says), qPrintable(message));
    }

    void numbersAreConstantExpressions_data() {
        QTest::addColumn<QString>("number");
        QTest::addColumn<int>("value");
        for (const auto& [number, value] : std::vector<std::pair<const char*, int>>{{"2", 2},
                                                                                    {"02", 2},
                                                                                    {"0x2", 2},
                                                                                    {"2.9", 2},
                                                                                    {"'2'", 2},
                                                                                    {"\"1+1\"", 2},
                                                                                    {"1+1", 2},
                                                                                    {"3-1", 2},
                                                                                    {"4/2", 2},
                                                                                    {"7%5", 2},
                                                                                    {"1+2*3-5", 2},
                                                                                    {"(1+1)", 2},
                                                                                    {"-0.5", 0},
                                                                                    {"--1", 1},
                                                                                    {"2*(3-2)", 2},
                                                                                    {"0.9", 0},
                                                                                    {"3", 3},
                                                                                    {".5", 0},
                                                                                    {"- 1 + 2", 1}})
            QTest::addRow("%s", number) << QString(number) << value;
    }
    void numbersAreConstantExpressions() {
        QFETCH(QString, number);
        QFETCH(int, value);
        const auto parsed =
            parsePolicyText("OutOf(" + number.toStdString() + ",'A.peer','B.peer')");
        VERIFY_OK(parsed);
        QCOMPARE(parsed->rule().n_out_of().n(), value);
    }

    void parenthesesGroup() {
        const auto plain = parsePolicyText("AND('A.peer',OR('B.peer'))");
        const auto grouped = parsePolicyText("((AND(('A.peer'),((OR('B.peer'))))))");
        VERIFY_OK(plain);
        VERIFY_OK(grouped);
        QCOMPARE(grouped->SerializeAsString(), plain->SerializeAsString());
    }

    void printsTheShortestGate() {
        const auto print = [](std::string_view text) {
            return *printPolicyText(*parsePolicyText(text));
        };
        QCOMPARE(print("outof(2,'A.peer','B.admin')"), std::string("AND('A.peer', 'B.admin')"));
        QCOMPARE(print("outof(1,'A.peer','B.admin')"), std::string("OR('A.peer', 'B.admin')"));
        QCOMPARE(print("OutOf(0,'A.peer')"), std::string("OutOf(0, 'A.peer')"));
        QCOMPARE(print("OutOf(3,'A.peer','B.peer')"), std::string("OutOf(3, 'A.peer', 'B.peer')"));
    }

    void printsWhatMeansTheSame() {
        common::SignaturePolicyEnvelope envelope = *parsePolicyText("OR('A.peer')");
        envelope.mutable_rule()->set_signed_by(0);
        QCOMPARE(*printPolicyText(envelope), std::string("OR('A.peer')"));
        envelope = *parsePolicyText("AND('A.peer','B.peer')");
        envelope.mutable_rule()->mutable_n_out_of()->set_n(-7);
        QCOMPARE(*printPolicyText(envelope), std::string("OutOf(0, 'A.peer', 'B.peer')"));
        envelope.mutable_rule()->mutable_n_out_of()->set_n(INT32_MAX);
        QCOMPARE(*printPolicyText(envelope), std::string("OutOf(3, 'A.peer', 'B.peer')"));
    }

    void saysWhatHasNoText() {
        const auto refuses = [](const common::SignaturePolicyEnvelope& envelope, const char* says) {
            const auto text = printPolicyText(envelope);
            return reasonOf(text.status()) == "POLICY_HAS_NO_TEXT" &&
                   std::string(messageOf(text.status())).find(says) != std::string::npos;
        };
        common::SignaturePolicyEnvelope envelope;
        envelope.mutable_rule()->mutable_n_out_of();
        QVERIFY(refuses(envelope, "no rules"));
        envelope = *parsePolicyText("OR('A.peer')");
        envelope.mutable_identities(0)->set_principal_classification(
            common::MSPPrincipal::IDENTITY);
        QVERIFY(refuses(envelope, "not a role"));
        envelope = *parsePolicyText("OR('A.peer')");
        common::MSPRole role;
        role.set_msp_identifier("Org_1");
        envelope.mutable_identities(0)->set_principal(role.SerializeAsString());
        QVERIFY(refuses(envelope, "'Org_1'"));
        role.set_msp_identifier("Org1");
        role.set_role(static_cast<common::MSPRole::MSPRoleType>(9));
        envelope.mutable_identities(0)->set_principal(role.SerializeAsString());
        QVERIFY(refuses(envelope, "role 9"));
        envelope.mutable_identities(0)->set_principal("\xff");
        QVERIFY(refuses(envelope, "malformed"));
    }

    void hostileTextIsRefusedCheaply() {
        const auto refused = [](const std::string& text, const char* says) {
            const Status status = parsePolicyText(text).status();
            return reasonOf(status) == "BAD_POLICY_TEXT" &&
                   std::string(messageOf(status)).find(says) != std::string::npos &&
                   messageOf(status).size() < 500;
        };
        QVERIFY(
            refused(repeated("OR(", 1000) + "'A.peer'" + repeated(")", 1000), "deeper than 63"));
        QVERIFY(refused(repeated("(", 100'000), "deeper than 63"));
        QVERIFY(refused("OR(" + repeated("(", 100'000), "deeper than 63"));
        QVERIFY(refused("OutOf(" + repeated("(", 100'000), "deeper than 32"));
        QVERIFY(refused("OutOf(" + repeated("-", 100'000), "deeper than 32"));
        QVERIFY(refused("OR('A.peer'" + repeated(",'A.peer'", 1'000'000) + ")", "more than 65536"));
        QVERIFY(refused("OutOf(" + repeated("9", 100'000) + ",'A.peer')", ""));
        QVERIFY(refused("OR('" + repeated("x", 1'000'000) + "')", "names no role"));
        QVERIFY(refused(std::string("OR('A.peer\0')", 13), "not a role"));
    }

    void deepestAcceptedPolicyIsAcceptedEverywhere() {
        const std::string text = repeated("OR(", 63) + "'A.peer'" + repeated(")", 63);
        const auto parsed = parsePolicyText(text);
        VERIFY_OK(parsed);
        QCOMPARE(*printPolicyText(*parsed), text);
        QVERIFY(!parsePolicyText("OR(" + text + ")").ok());
    }
};

CHANCERY_TEST(PolicyTextTest)
#include "PolicyTextTest.moc"
