#include <QTemporaryDir>

#include "src/base/File.h"
#include "src/cli/Commands.h"
#include "src/process/Child.h"
#include "src/usecase/DeployContract.h"
#include "tests/support/SoftHsm.h"
#include "tests/support/TestMain.h"

using namespace chancery;

/// The commands that speak to nodes, beside a network that serves: every example of their help.
class NetworkCommandsTest : public QObject {
    Q_OBJECT

    static constexpr std::chrono::seconds kLong{60};  // never reached unless something is broken
    QTemporaryDir m_temporary;
    std::filesystem::path folder() const { return m_temporary.path().toStdString(); }

    /// Code and everything that it wrote. The line is one of a shell.
    std::pair<int, std::string> chanceryctl(const QString& line) {
        process::Command command{
            .program = "/bin/bash",
            .arguments = {"-c", "umask 077; exec " CHANCERYCTL " " + line.toStdString()},
            .environment = process::minimalEnvironment(),
            .folder = folder()};
        const std::string tokens = test::SoftHsm::instance().environment();
        const std::size_t equals = tokens.find('=');
        command.environment[tokens.substr(0, equals)] = tokens.substr(equals + 1);
        std::string all;
        auto child = process::Child::start(
            command, {.line = [&](process::Stream,
                                  std::string_view line) { all += std::string(line) + "\n"; },
                      .ended = {}});
        if (!child.ok()) return {-1, child.status().ToString()};
        (*child)->closeInput();
        const auto ended = (*child)->waitEnd(deadlineIn(kLong));
        const int code = ended.ok() ? ended->code : -1;
        child->reset();
        return {code, all};
    }

private Q_SLOTS:
    void initTestCase() {
        const auto [made, told] =
            chanceryctl("network create --start --network network --contract " CHANCERY_SOURCE
                        "/tests/network/keys --contract-name keys");
        QVERIFY2(made == 0, told.c_str());
        // The name that examples use.
        const auto package = usecase::PackageContract().ofFolder(
            "keys_1", "chancery", CHANCERY_SOURCE "/tests/network/keys");
        VERIFY_OK(package);
        VERIFY_OK(writeNewFile(folder() / "network/wallet.tar.gz", *package));
        VERIFY_OK(writeNewFile(folder() / "passphrase", "several words of mine\n", 0600));
        for (const QString line :
             {"workspace create --passphrase-fd 3 3<passphrase",
              "identity enroll registrar --id admin --msp-id Org1MSP --ca "
              "network/nodes/ca.org1.example.com --passphrase-fd 3 3<passphrase --secret-fd 4 "
              "4<network/nodes/ca.org1.example.com/registrar.secret",
              "ca init ca.example.org --listen 127.0.0.1:0",
              "channel update draft --batch-timeout 61ms --out timeout.draft",
              "channel update draft --batch-timeout 62ms --out rejected.draft",
              "channel update draft --batch-timeout 63ms --out unsigned.draft"}) {
            const auto [code, said] = chanceryctl(line);
            QVERIFY2(code == 0, said.c_str());
        }
    }

    void cleanupTestCase() {
        const auto [code, said] = chanceryctl("network stop --network network");
        QVERIFY2(code == 0, said.c_str());
    }

    void everyExampleWorks_data() {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<int>("ends");
        for (const auto& command : cli::allCommands())
            for (const auto& example : command->help().examples)
                if (example.needsNetwork)
                    QTest::newRow((command->words() + ": " + example.what).c_str())
                        << QString::fromStdString(example.arguments).replace(" wallet", " keys")
                        << static_cast<int>(example.ends);
    }
    void everyExampleWorks() {
        QFETCH(QString, arguments);
        QFETCH(int, ends);
        const auto [code, said] = chanceryctl(arguments);
        QVERIFY2(code == ends, said.c_str());
        QVERIFY(!said.empty());
    }

    void explainChangesNothing_data() {
        QTest::addColumn<QString>("line");
        for (const char* line : {"node start", "node stop", "node restart",
                                 "node upgrade --to 9.9.9", "node rollback", "node remove --yes"})
            QTest::newRow(line) << line;
    }
    /// Of the commands that end or remove something, the words for Fabric's tools alone.
    void explainChangesNothing() {
        QFETCH(QString, line);
        const auto before = chanceryctl("node list --network network -o json");
        QCOMPARE(before.first, 0);
        const auto [code, said] = chanceryctl(line + " peer0.org2.example.com --explain");
        QVERIFY2(code == 0, said.c_str());
        QVERIFY2(said.find("peer0.org2.example.com") != std::string::npos, said.c_str());
        const auto after = chanceryctl("node list --network network -o json");
        QCOMPARE(after.first, 0);
        const auto processes = [](const std::string& json) {
            std::vector<std::string> lines;
            for (const QString& one : QString::fromStdString(json).split('\n'))
                if (one.contains("process") || one.contains("pid") || one.contains("name"))
                    lines.push_back(one.toStdString());
            return lines;
        };
        QVERIFY(!processes(before.second).empty());
        QVERIFY(processes(after.second) == processes(before.second));
    }

    /// Keys and ledgers go into a file, the network goes for ever, the file gives it back.
    void aLabGivesTheNetworkBack() {
        const auto run = [&](const QString& line) {
            const auto [code, said] = chanceryctl(line);
            if (code != 0) qWarning("%s: %s", qPrintable(line), said.c_str());
            if (code != 0) throw std::runtime_error(line.toStdString() + ": " + said);
            return said;
        };
        const auto blocks = [&](const QString& network, const QString& to) {
            run("channel fetch --channel settlement --out " + to + " --network " + network);
            const auto config = readFile(folder() / to.toStdString());
            return config.ok() ? *config : Bytes();
        };
        run("network create --topology two-banks --start --network banks");
        run("scenario run first-payments --network banks");
        const Bytes config = blocks("banks", "before.block");
        QVERIFY(!config.empty());
        run("network export --network banks --scenario first-payments --out own.lab "
            "--passphrase-fd 3 3<passphrase");
        const auto file = readFile(folder() / "own.lab");
        VERIFY_OK(file);
        QVERIFY(file->find("PRIVATE KEY") == std::string::npos);
        // Neither another passphrase nor a changed byte opens it, and nothing is left behind.
        Bytes changed = *file;
        changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 1);
        VERIFY_OK(writeNewFile(folder() / "changed.lab", changed));
        for (const QString line : {"changed.lab --passphrase-fd 3 3<passphrase",
                                   "own.lab --passphrase-fd 3 3<<<'some other words here'"}) {
            const auto [code, why] = chanceryctl("network import --network broken -o json " + line);
            QVERIFY2(code == 3 && why.find("BACKUP_BROKEN") != std::string::npos, why.c_str());
            QVERIFY(!std::filesystem::exists(folder() / "broken"));
        }
        run("network delete --yes --network banks");
        run("network import own.lab --network again --passphrase-fd 3 3<passphrase");
        QCOMPARE(blocks("again", "after.block"), config);
        run("contract query wallet GetAccount ann-1 --channel settlement --org HarbourBank "
            "--user User1 --network again");
        run("scenario run --seed 2 --network again");
        run("network stop --network again");
    }

    void addressesAreRealOnes() {
        const auto [code, said] = chanceryctl("network run --network addresses --once");
        QVERIFY2(code == 0, said.c_str());
        for (const char* name :
             {"  chaincode 127.0.0.1:", "  admin 127.0.0.1:", "  grpc 127.0.0.1:",
              "  operations 127.0.0.1:", "  https 127.0.0.1:"})
            QVERIFY2(said.find(name) != std::string::npos, said.c_str());
        QVERIFY2(said.find("127.0.0.1:0") == std::string::npos, said.c_str());
    }

    void invokesAndQueries() {
        const auto [sent, told] = chanceryctl("contract invoke keys put k v");
        QVERIFY2(sent == 0, told.c_str());
        const auto [asked, answer] = chanceryctl("contract query keys get k");
        QVERIFY2(asked == 0 && answer == "v\n", answer.c_str());
        const auto [byProfile, same] = chanceryctl(
            "contract query keys get k --profile network/profiles/connection-Org2.yaml --msp-id "
            "Org2MSP --msp network/crypto/peerOrganizations/org2.example.com/users/"
            "User1@org2.example.com/msp");
        QVERIFY2(byProfile == 0 && same == "v\n", same.c_str());
    }

    /// From a registration to a transaction by somebody new, whose key never was in a file in
    /// clear.
    void somebodyNewTakesPart() {
        const std::string ca = " --ca network/nodes/ca.org1.example.com";
        const auto run = [&](const std::string& line) {
            const auto [code, said] = chanceryctl(QString::fromStdString(line));
            if (code != 0) throw std::runtime_error(line + ": " + said);
            return said;
        };
        run("identity register clerk --attribute office=north:ecert --secret-out clerk.secret --as "
            "registrar --passphrase-fd 3 3<passphrase" +
            ca);
        run("identity enroll clerk --msp-id Org1MSP --passphrase-fd 3 3<passphrase --secret-fd 4 "
            "4<clerk.secret" +
            ca);
        const std::string as =
            " --workspace workspace --identity clerk --passphrase-fd 3 3<passphrase";
        run("contract invoke keys put clerk works" + as);
        QCOMPARE(run("contract query keys get clerk" + as), std::string("works\n"));
        // Its secret is used up, and it registers nobody.
        const auto [again, refused] = chanceryctl(QString::fromStdString(
            "identity enroll clerk2 --id clerk --msp-id Org1MSP --passphrase-fd 3 3<passphrase "
            "--secret-fd 4 4<clerk.secret -o json" +
            ca));
        QVERIFY2(again == 3 && refused.find("CA_AUTHENTICATION_FAILED") != std::string::npos,
                 refused.c_str());
        const auto [denied, why] = chanceryctl(QString::fromStdString(
            "identity register nobody --as clerk --passphrase-fd 3 3<passphrase -o json" + ca));
        QVERIFY2(denied == 3 && why.find("CA_NOT_ALLOWED") != std::string::npos, why.c_str());
        run("identity reenroll clerk --passphrase-fd 3 3<passphrase" + ca);
        run("contract query keys get clerk" + as);
        const auto listed =
            run("ca certificates --id clerk --as registrar --passphrase-fd 3 "
                "3<passphrase -o json" +
                ca);
        QCOMPARE(std::count(listed.begin(), listed.end(), '{'), std::ptrdiff_t(2));

        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(folder() / "workspace"))
            if (entry.is_regular_file()) {
                const auto text = readFile(entry.path());
                VERIFY_OK(text);
                QVERIFY(text->find("PRIVATE KEY") == std::string::npos);
            }
    }

    /// A key that is made in a token and never leaves it.
    void aTokenHeldKeyTakesPart() {
        const auto& hsm = test::SoftHsm::instance();
        hsm.makeToken("enrol");
        VERIFY_OK(writeNewFile(folder() / "pin", std::string(test::SoftHsm::kPin) + "\n", 0600));
        const QString module = QString::fromStdString(hsm.module().string());
        const QString ca = " --ca network/nodes/ca.org1.example.com";
        const QString unlock = " --passphrase-fd 3 3<passphrase";
        const QString withPin = " --pin-fd 5 5<pin" + unlock;
        for (const QString& line :
             {"token allow " + module + unlock,
              "identity register holder --secret-out holder.secret --as registrar" + unlock + ca,
              "identity enroll holder --msp-id Org1MSP --token " + module +
                  " --token-label enrol --secret-fd 4 4<holder.secret" + withPin + ca,
              "contract invoke keys put held works --workspace workspace --identity holder" +
                  withPin,
              "identity reenroll holder" + withPin + ca}) {
            const auto [code, said] = chanceryctl(line);
            QVERIFY2(code == 0, said.c_str());
        }
        const auto [code, said] = chanceryctl("identity list");
        QVERIFY2(said.find("token enrol") != std::string::npos, said.c_str());
        const auto [read, value] = chanceryctl("contract query keys get held");
        QCOMPARE(value, std::string("works\n"));
    }

    void theInventoryAsksCas() {
        const std::string ca = "network/nodes/ca.org1.example.com";
        const QString line = QString::fromStdString("cert list --ca " + ca);
        const auto [without, chain] = chanceryctl(line + " -o json");
        QVERIFY2(without == 0, chain.c_str());
        const auto [with, all] = chanceryctl(
            line + "=registrar --workspace workspace -o json --passphrase-fd 3 3<passphrase");
        QVERIFY2(with == 0, all.c_str());
        // Somebody of whom nothing but the CA knows here.
        QVERIFY2(all.find("peer0.org1.example.com") != std::string::npos, all.c_str());
        QVERIFY(chain.find("peer0.org1.example.com") == std::string::npos);
        QVERIFY(all.size() > 2 * chain.size());
        const auto [nobody, why] = chanceryctl(line + "=somebody -o json");
        QVERIFY2(nobody == 2, why.c_str());
    }

    void refusalsOfCaCommands_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("ends");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* line, int ends, const char* says) {
            QTest::newRow(name) << line << ends << says;
        };
        row("no CA", "ca info --ca nowhere", 3, "NO_CA");
        row("there already", "ca init x --ca ca", 5, "CA_EXISTS");
        row("bad name", "ca init ../x --ca elsewhere", 5, "BAD_CA_NAME");
        row("secret on the line", "identity enroll x --secret y", 2, "USAGE");
        row("nobody asks", "ca identities", 2, "USAGE");
        row("address without roots", "ca info --url https://localhost:1", 2, "USAGE");
        row("address without TLS", "ca info --url http://localhost:1", 2, "USAGE");
        row("no MSP id", "identity enroll x", 2, "USAGE");
        row("two ways to revoke", "identity revoke x --serial 1 --aki 2 --as registrar", 2,
            "USAGE");
        row("half of a certificate", "identity revoke --serial 1 --as registrar", 2, "USAGE");
        row("no terminal", "identity enroll x --msp-id M --ca network/nodes/ca.org1.example.com", 3,
            "NO_TERMINAL");
    }
    void refusalsOfCaCommands() {
        QFETCH(QString, line);
        QFETCH(int, ends);
        QFETCH(QString, says);
        const auto [code, said] = chanceryctl(line + " -o json");
        QVERIFY2(code == ends, said.c_str());
        QVERIFY2(QString::fromStdString(said).contains(says), said.c_str());
    }
};

CHANCERY_TEST(NetworkCommandsTest)
#include "NetworkCommandsTest.moc"
