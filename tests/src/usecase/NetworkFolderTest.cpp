#include "src/usecase/NetworkFolder.h"

#include <sys/stat.h>

#include <QTemporaryDir>
#include <set>

#include "src/base/File.h"
#include "src/usecase/FreshFiles.h"
#include "src/usecase/NodeFiles.h"
#include "tests/support/TestMain.h"

namespace chancery::usecase {
namespace {

namespace fs = std::filesystem;

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(std::string(messageOf(result.status())));
    return *std::move(result);
}

}  // namespace

class NetworkFolderTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    std::optional<NetworkFolder> m_network;

    fs::path folder() const { return m_temporary.path().toStdString() + "/net"; }

private Q_SLOTS:
    void initTestCase() {
        NetworkPlan plan = twoOrganisations(folder());
        plan.ports["peer0.org1.example.com"] = 7051;
        m_network = valueOf(NetworkFolder::create(plan));
    }

    void nobodyElseReadsSettings() {
        struct stat info {};
        QCOMPARE(::stat((folder() / "network.json").c_str(), &info), 0);
        QCOMPARE(info.st_mode & 077, mode_t(0));
        QCOMPARE(::stat(folder().c_str(), &info), 0);
        QCOMPARE(info.st_mode & 077, mode_t(0));
    }

    /// Each has a plan whose files hold all that it needs, and the console keeps what clients need.
    void everyOrganisationHasCas() {
        std::set<std::string> secrets;
        for (const NetworkNode& ca : m_network->authorities()) {
            QCOMPARE(reasonOf(m_network->identityCa(ca.organisation).status()),
                     std::string("NOT_STARTED"));
            const auto plan = valueOf(NodeFiles(*m_network).newAuthority(ca));
            const CaFolder at = m_network->caFolder(ca.organisation);
            const CaSettings settings = valueOf(at.read());
            const OrganisationFolders& owner = m_network->organisations()[ca.organisation];
            QCOMPARE(settings.name, owner.caName());
            QCOMPARE(settings.tlsName, owner.tlsCaName());
            QCOMPARE(settings.organisation, owner.plan().domain);
            // 192 bits in base64.
            const std::string secret = valueOf(at.secret());
            QCOMPARE(secret.size(), std::size_t(32));
            QVERIFY(secrets.insert(secret).second);
            std::map<std::string, interfaces::PlannedFile> files;
            for (const auto& file : plan.files) files[file.path] = file;
            QCOMPARE(files.size(), std::size_t(4));
            QVERIFY(files.at("node.yaml").content.find(secret) == std::string::npos);
            QCOMPARE(files.at("registrar.secret").content, secret + "\n");
            QVERIFY(files.at("registrar.secret").secret && files.at("keys/tls.key").secret);
            // The key by which the process is recognised stays nowhere here.
            for (const auto& entry : fs::recursive_directory_iterator(folder()))
                if (entry.is_regular_file())
                    QVERIFY(valueOf(readFile(entry.path())).find("PRIVATE") == std::string::npos);
        }
        QCOMPARE(secrets.size(), std::size_t(3));
    }

    void opensAgain() {
        m_network->setEndpoints("orderer.example.com",
                                {{"grpc", "127.0.0.1:1234"}, {"admin", "127.0.0.1:99"}});
        m_network->setDone("members");
        VERIFY_OK(m_network->save());
        const auto again = NetworkFolder::open(folder());
        VERIFY_OK(again);
        VERIFY_OK(writeFresh(again->organisations().front().tlsRoot(), "PEM"));
        QCOMPARE(again->id(), m_network->id());
        QVERIFY(again->topology() == m_network->topology());
        QVERIFY(again->done().contains("members"));
        QCOMPARE(again->nodes().size(), std::size_t(3));
        QCOMPARE(again->channel().str(), std::string("mychannel"));
        const auto address = again->address(*again->node("orderer.example.com"));
        VERIFY_OK(address);
        QCOMPARE(address->endpoint, std::string("127.0.0.1:1234"));
        QCOMPARE(again->node("peer0.org1.example.com")->endpoints.at("operations"),
                 std::string("127.0.0.1:7052"));
        QCOMPARE(again->authorities().size(), std::size_t(3));
        QCOMPARE(again->suite().name, m_network->suite().name);
        QCOMPARE(reasonOf(again->address(*again->node("peer0.org2.example.com")).status()),
                 std::string("NOT_STARTED"));
        QCOMPARE(again->peersOf("Org2").size(), std::size_t(1));
        QCOMPARE(again->peersOf(again->channel()).size(), std::size_t(2));
        QCOMPARE(again->orderersOf(again->channel()).size(), std::size_t(1));
    }

    void nodesComeAndGo() {
        auto network = valueOf(NetworkFolder::create(twoOrganisations(folder() / "other")));
        VERIFY_OK(network.addNode("Org1", "peer1", {}));
        QCOMPARE(network.peersOf("Org1").size(), std::size_t(2));
        QCOMPARE(reasonOf(network.addNode("Org1", "peer1", {})), std::string("BAD_TOPOLOGY"));
        QCOMPARE(reasonOf(network.addNode("Nobody", "peer1", {})),
                 std::string("NO_SUCH_ORGANISATION"));
        VERIFY_OK(network.removeNode("peer1.org1.example.com"));
        QCOMPARE(valueOf(NetworkFolder::open(folder() / "other")).peersOf("Org1").size(),
                 std::size_t(1));
        QCOMPARE(reasonOf(network.removeNode("ca.org1.example.com")), std::string("NO_SUCH_NODE"));
        VERIFY_OK(writeFresh(folder() / "other" / "mine", "my own"));
        VERIFY_OK(network.remove());
        QVERIFY(fs::exists(folder() / "other" / "mine"));
        QCOMPARE(reasonOf(NetworkFolder::open(folder() / "other").status()),
                 std::string("NO_NETWORK"));
    }

    void saysWhatToDoWithOldOnes() {
        VERIFY_OK(writeFresh(folder() / "old" / "network.json",
                             R"({"channel": "mychannel", "organisations": []})"));
        const auto old = NetworkFolder::open(folder() / "old");
        QCOMPARE(reasonOf(old.status()), std::string("OLD_NETWORK"));
        VERIFY_OK(writeFresh(folder() / "bad" / "network.json", R"({"format": 2, "id": "x"})"));
        QCOMPARE(reasonOf(NetworkFolder::open(folder() / "bad").status()),
                 std::string("BAD_NETWORK"));
    }

    void leavesOthersAlone() {
        QCOMPARE(reasonOf(NetworkFolder::create(twoOrganisations(folder())).status()),
                 std::string("NETWORK_EXISTS"));
        QCOMPARE(reasonOf(NetworkFolder::open(folder() / "nodes").status()),
                 std::string("NO_NETWORK"));
    }
};

}  // namespace chancery::usecase

using chancery::usecase::NetworkFolderTest;
CHANCERY_TEST(NetworkFolderTest)
#include "NetworkFolderTest.moc"
