#include "node/ca/DirectoryExpression.h"

#include "tests/support/TestMain.h"

namespace chancery::node {
namespace {

const DirectoryMaps kMaps = {{"groups", {{"dn1", "client"}, {"dn2", "peer"}}},
                             {"growing", {{"a", "aaaaaaaaaaaaaaaa"}}},
                             {"empty", {{"", "x"}, {"c", ""}}}};

DirectoryEntry entry() {
    return {.dn = "uid=a,ou=dept2,ou=org1,O=org1,C=US",
            .units = {"org1", "dept2"},
            .values = {{"uid", {"revoker7"}},
                       {"member", {"dn1", "dn2", "dn3"}},
                       {"admin", {"true"}},
                       {"big", {std::string(5000, 'a')}},
                       {"gidnumber", {"10004"}}}};
}

}  // namespace

/// The language of converters, with the examples of Fabric CA's documentation.
class DirectoryExpressionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void gives_data() {
        QTest::addColumn<QByteArray>("value");
        const auto row = [](const char* expression, const char* value) {
            QTest::newRow(expression) << QByteArray(value);
        };
        row(R"(attr("uid") =~ "revoker*")", "true");
        row(R"(map(attr("member"),"groups"))", "client,peer,dn3");
        row(R"(attr("member", ":"))", "dn1:dn2:dn3");
        row(R"(attr("gidNumber") =~ "1000[0-5]$" || attr("mail") == "root@example.com")", "true");
        row(R"(DN =~ "O=org1,C=US$" || (affiliation =~ "org1.dept2.*" && attr('admin') == 'true'))",
            "true");
        row(R"(if(attr("admin") == "true", "*", ""))", "*");
        row(R"(if(attr("admin") != "true", "*", ""))", "");
        row(R"(attr("missing"))", "");
        row(R"(attr("missing") == "")", "true");
        row(R"(! (attr("uid") =~ "x"))", "true");
        row(R"(attr("uid") !~ "x")", "true");
        row(R"(true && !false)", "true");
        row(R"(true == false)", "false");
        row(R"(false && true || true)", "true");
        row(R"(false && (true || true))", "false");
        row("\"a \\\"quoted\\\" text\"", "a \"quoted\" text");
        row("'a\\d'", "a\\d");
        row(R"(attr("gidNumber") =~ '^\d+$')", "true");
        row("DN", "uid=a,ou=dept2,ou=org1,O=org1,C=US");
        row("affiliation", "org1.dept2");
        row(R"(map("abc", "empty"))", "ab");
        // Takes time with the text only.
        row(R"(attr("big") =~ "^(a+)+$")", "true");
        row(R"(attr("big") =~ "^(a|aa)*b$")", "false");
    }
    void gives() {
        QFETCH(QByteArray, value);
        const auto expression = DirectoryExpression::parse(QTest::currentDataTag(), kMaps);
        VERIFY_OK(expression);
        const auto got = expression->evaluate(entry());
        VERIFY_OK(got);
        QCOMPARE(*got, value.toStdString());
    }

    void isRefused_data() {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const QByteArray& text) {
            QTest::newRow(text.left(40).constData()) << text;
        };
        for (const char* text : {"",
                                 "  ",
                                 "attr",
                                 "attr(",
                                 "attr()",
                                 "attr(uid)",
                                 "attr(\"\")",
                                 "attr(\"uid\"",
                                 "attr(\"uid\",)",
                                 "attr(\"uid\" \"x\")",
                                 "\"open",
                                 "'open\"",
                                 "map(\"a\")",
                                 "map(\"a\",\"none\")",
                                 "map(true,\"groups\")",
                                 "if(\"a\",\"b\",\"c\")",
                                 "if(true,\"b\")",
                                 "if(true,\"b\",true)",
                                 "if(true,\"b\",\"c\",\"d\")",
                                 "true true",
                                 "\"a\" && true",
                                 "true || \"a\"",
                                 "!\"a\"",
                                 "\"a\" == true",
                                 "\"a\" = \"b\"",
                                 "\"a\" =~ \"*b\"",
                                 "\"a\" =~ \"(\"",
                                 "\"a\" =~ \"[\"",
                                 "\"a\" =~ b",
                                 "\"a\" =~ \"(a)\\1\"",
                                 "true =~ \"a\"",
                                 "1 < 2",
                                 "dn",
                                 "uid",
                                 "system(\"x\")",
                                 "((true)",
                                 "(true))",
                                 "&& true",
                                 "true &&",
                                 "\"a\" == "})
            row(text);
        row(QByteArray(1000, '('));
        row(QByteArray(1000, '!') + "true");
        row(QByteArray(5000, ' ') + "true");
        QByteArray chain = "true";
        for (int i = 0; i < 200; ++i) chain += "&&true";
        row(chain);
        row(QByteArray("true\0", 5));
        row("\xff");
    }
    void isRefused() {
        QFETCH(QByteArray, text);
        const Status status = DirectoryExpression::parse(text.toStdString(), kMaps).status();
        QCOMPARE(reasonOf(status), std::string("BAD_EXPRESSION"));
    }

    void growsWithinBounds() {
        std::string text = "attr(\"big\")";
        for (int i = 0; i < 4; ++i) text = "map(" + text + ",\"growing\")";
        const auto expression = DirectoryExpression::parse(text, kMaps);
        VERIFY_OK(expression);
        QCOMPARE(reasonOf(expression->evaluate(entry()).status()),
                 std::string("DIRECTORY_VALUE_TOO_LONG"));
    }

    void knowsItsAttributes() {
        const auto expression = DirectoryExpression::parse(
            R"(if(attr("A") == "", attr("b"), map(attr("C"), "groups")))", kMaps);
        VERIFY_OK(expression);
        QCOMPARE(expression->attributes(), (std::set<std::string>{"a", "b", "c"}));
    }
};

}  // namespace chancery::node

using chancery::node::DirectoryExpressionTest;
CHANCERY_TEST(DirectoryExpressionTest)
#include "DirectoryExpressionTest.moc"
