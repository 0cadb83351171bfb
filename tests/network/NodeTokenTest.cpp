#include <sys/stat.h>

#include <QFile>
#include <QTemporaryDir>
#include <filesystem>
#include <fstream>

#include "src/base/File.h"
#include "src/crypto/Token.h"
#include "src/protocol/Block.h"
#include "tests/network/TestNetwork.h"
#include "tests/support/SoftHsm.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using test::SoftHsm;
using test::TestNetwork;
namespace fs = std::filesystem;

namespace {

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.status().ToString());
    return *std::move(result);
}

void writeSecret(const fs::path& path, const std::string& text) {
    std::ofstream(path) << text << "\n";
    ::chmod(path.c_str(), 0600);
}

}  // namespace

/// A network whose peer and orderer have their keys in a token.
class NodeTokenTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<TestNetwork> m_network;
    crypto::TokenModule m_module;
    std::shared_ptr<crypto::Token> m_token;

    fs::path pinFile() const { return m_folder.filePath("pin").toStdString(); }

    /// Nodes are started with little of our environment; SoftHSM looks below HOME, too.
    void letNodesFindTheTokens() const {
        const fs::path folder = m_folder.filePath(".config/softhsm2").toStdString();
        fs::create_directories(folder);
        fs::copy_file(SoftHsm::instance().folder() / "softhsm2.conf", folder / "softhsm2.conf");
        qputenv("HOME", m_folder.path().toLocal8Bit());
    }

    /// The value of a line "name: value" at the beginning of a node's settings.
    static std::string setting(const std::string& yaml, const std::string& name) {
        const std::string begin = name + ": ";
        std::size_t at = yaml.starts_with(begin) ? 0 : yaml.find("\n" + begin);
        if (at == std::string::npos) throw std::runtime_error("no setting " + name);
        at = yaml.find(begin, at) + begin.size();
        std::string value = yaml.substr(at, yaml.find('\n', at) - at);
        std::erase(value, '"');
        return value;
    }

    /// The keystore is empty afterwards.
    void moveKey(const std::string& name) {
        const auto& config = m_network->folder().node(name)->config;
        const std::string yaml = valueOf(readFile(config));
        const fs::path keystore = config.parent_path() / setting(yaml, "msp") / "keystore";
        for (const auto& file : fs::directory_iterator(keystore)) {
            const auto key = valueOf(crypto::PrivateKey::fromPem(valueOf(readFile(file.path()))));
            valueOf(m_token->importKey(key, name));
        }
        fs::remove_all(keystore);
        const Status written = writeFileAtomically(
            config, fmt::format("{}mspKey: pkcs11:token=nodes\ntoken: {{module: {}, sha256: {}, "
                                "pinFile: {}}}\n",
                                yaml, m_module.path.string(), m_module.sha256, pinFile().string()));
        if (!written.ok()) throw std::runtime_error(written.ToString());
    }

private Q_SLOTS:
    void initTestCase() {
        letNodesFindTheTokens();
        SoftHsm::instance().makeToken("nodes");
        m_module = valueOf(crypto::inspectTokenModule(SoftHsm::instance().module()));
        m_token = valueOf(crypto::Token::open(valueOf(crypto::TokenLibrary::load(m_module)),
                                              {.label = "nodes", .serial = {}}));
        VERIFY_OK(m_token->login(SoftHsm::kPin));
        writeSecret(pinFile(), SoftHsm::kPin);
        m_network = std::make_unique<TestNetwork>();
    }
    void cleanupTestCase() { m_network.reset(); }

    void tokensSignTransactionsAndBlocks() {
        VERIFY_OK(m_network->submit({"put", "key", "from files"}));
        for (const std::string node : {"orderer.example.com", "peer0.org1.example.com"}) {
            VERIFY_OK(m_network->running().stopNode(node));
            moveKey(node);
            // Settings that are written after a start do not know of the token.
            const auto& config = m_network->folder().node(node)->config;
            const std::string yaml = valueOf(readFile(config));
            writeSecret(pinFile(), "canary-wrong-PIN-2");
            const Status refused =
                m_network->running().startNode(node, deadlineIn(TestNetwork::kLong));
            QVERIFY(!refused.ok());
            const std::string text = refused.ToString();
            QVERIFY2(text.find("TOKEN_WRONG_PIN") != std::string::npos, text.c_str());
            QVERIFY2(text.find("canary") == std::string::npos, text.c_str());
            writeSecret(pinFile(), SoftHsm::kPin);
            VERIFY_OK(writeFileAtomically(config, yaml));
            VERIFY_OK(m_network->running().startNode(node, deadlineIn(TestNetwork::kLong)));
        }
        const auto before = m_network->blocks("orderer.example.com").size();
        Result<usecase::Submitted> done = absl::UnknownError("not tried");
        const bool worked = QTest::qWaitFor(
            [&] {
                done = m_network->submit({"put", "key", "from a token"});
                return done.ok();
            },
            60'000);
        QVERIFY2(worked, done.status().ToString().c_str());
        for (const std::string organisation : {"Org1", "Org2"}) {
            const auto value = m_network->evaluate(organisation, {"get", "key"});
            VERIFY_OK(value);
            QCOMPARE(*value, std::string("from a token"));
        }
        // Both peers took the block that the orderer's token signed.
        for (const auto& node : m_network->folder().nodes())
            QVERIFY(m_network->blocks(node.name).size() > before);
    }
};

CHANCERY_TEST(NodeTokenTest)
#include "NodeTokenTest.moc"
