#include "node/runtime/Program.h"

#include <sstream>

#include "tests/support/TestMain.h"

namespace chancery::node {

class ProgramTest : public QObject {
    Q_OBJECT

    struct Run {
        NodeExit exit;
        std::string out, err;
    };
    static Run run(const std::vector<std::string_view>& arguments) {
        std::ostringstream out, err;
        const NodeExit exit = runNode(arguments, out, err);
        return {exit, out.str(), err.str()};
    }

private Q_SLOTS:
    void teaches() {
        for (const std::string_view kind : {"peer", "orderer", "ca"}) {
            const Run help = run({kind, "--help"});
            QCOMPARE(help.exit, NodeExit::Stopped);
            QVERIFY(help.err.empty());
            for (const std::string part :
                 {"Usage: chancery-node", "listen:", "operations:", "It ends with", "READY"})
                QVERIFY2(help.out.find(part) != std::string::npos, part.c_str());
            for (const NodeExitMeaning& row : kNodeExits)
                QVERIFY(help.out.find(row.meaning) != std::string::npos);
        }
        QVERIFY(run({"--help"}).out.starts_with("Usage: chancery-node"));
        QVERIFY(run({"--version"}).out.starts_with("chancery-node "));
    }

    void refusesWhatItDoesNotUnderstand() {
        using Arguments = std::vector<std::string_view>;
        for (const Arguments& arguments :
             {Arguments{}, Arguments{"ca"}, Arguments{"cb", "--config", "x"}, Arguments{"peer"},
              Arguments{"peer", "--config"}, Arguments{"--config", "x"},
              Arguments{"peer", "--config", "x", "--frob"}}) {
            const Run refused = run(arguments);
            QCOMPARE(refused.exit, NodeExit::Usage);
            QVERIFY(refused.out.empty());
            QVERIFY(refused.err.starts_with("chancery-node: "));
        }
    }

    void saysThatTheConfigurationIsBad() {
        const Run bad = run({"peer", "--config", "/nowhere/node.yaml"});
        QCOMPARE(bad.exit, NodeExit::BadConfig);
        QVERIFY2(bad.err.find("(FILE_ERROR)") != std::string::npos, bad.err.c_str());
    }
};

}  // namespace chancery::node

using chancery::node::ProgramTest;
CHANCERY_TEST(ProgramTest)
#include "ProgramTest.moc"
