#include "src/usecase/NetworkFolder.h"

#include <sys/stat.h>

#include <QTemporaryDir>
#include <set>

#include "src/base/File.h"
#include "src/usecase/FreshFiles.h"
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
        std::size_t files = 0;
        for (const auto& entry : fs::recursive_directory_iterator(folder())) {
            struct stat info {};
            QCOMPARE(::stat(entry.path().c_str(), &info), 0);
            QCOMPARE(info.st_mode & 077, mode_t(0));
            files += entry.is_regular_file() ? 1 : 0;
        }
        // network.json, a file for each node, three for each organisation's CAs.
        QCOMPARE(files, std::size_t(1 + 3 + 3 * 3));
    }

    void everyOrganisationHasCas() {
        std::set<std::string> secrets;
        for (const NetworkNode& ca : m_network->authorities()) {
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
            QVERIFY(valueOf(readFile(at.config())).find(secret) == std::string::npos);
            QCOMPARE(reasonOf(m_network->identityCa(ca.organisation).status()),
                     std::string("NOT_STARTED"));
        }
        QCOMPARE(secrets.size(), std::size_t(3));
    }

    void opensAgain() {
        VERIFY_OK(m_network->setEndpoints("orderer.example.com",
                                          {{"grpc", "127.0.0.1:1234"}, {"admin", "127.0.0.1:99"}}));
        VERIFY_OK(m_network->save());
        const auto again = NetworkFolder::open(folder());
        VERIFY_OK(again);
        VERIFY_OK(writeFresh(again->organisations().front().tlsRoot(), "PEM"));
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
