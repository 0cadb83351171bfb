#include <fstream>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/base/Log.h"
#include "tests/node/ca/TestCa.h"
#include "tests/support/TestMain.h"

namespace chancery::node {

using test::Member;
using test::TestCa;

/// Log, table and revocation list after what can happen between two starts.
class CaRestartTest : public QObject {
    Q_OBJECT

    std::unique_ptr<TestCa> m_ca;

    std::string file(const std::string& name) const { return m_ca->folder() + "/" + name; }
    void remove(const std::string& name) const {
        for (const std::string end : {"", "-wal", "-shm"})
            std::filesystem::remove(file(name + end));
    }
    std::vector<std::string> serials() {
        std::vector<std::string> all;
        const Status read = m_ca->ca().store().read([&](auto& connection) {
            return eachCertificate(connection, {},
                                   [&](CertificateRow&& row) { all.push_back(row.serial); });
        });
        if (!read.ok()) throw std::runtime_error(read.ToString());
        return all;
    }
    std::size_t logLines() const {
        const Bytes log = *readFile(file("issued.log"));
        return std::size_t(std::count(log.begin(), log.end(), '\n'));
    }

private Q_SLOTS:
    void initTestCase() { log::setLevel(log::Level::Error); }
    void init() {
        m_ca = std::make_unique<TestCa>();
        for (const std::string id : {"a", "b", "c"}) m_ca->member(id);
    }

    void nothingChangesByItself() {
        const std::string before = m_ca->state();
        VERIFY_OK(m_ca->restart());
        QCOMPARE(m_ca->state(), before);
        QCOMPARE(logLines(), std::size_t(4));
    }

    /// An older database was put in place, or the process ended between log and table.
    void theTableIsMadeWholeFromTheLog() {
        const auto before = serials();
        m_ca->close();
        remove("ca.db");
        VERIFY_OK(m_ca->restart());
        QCOMPARE(serials(), before);
        QCOMPARE(logLines(), std::size_t(4));
    }

    void theLogIsMadeWholeFromTheTable() {
        const Bytes before = *readFile(file("issued.log"));
        m_ca->close();
        for (const std::size_t left : {before.size() - 1, before.size() / 2, std::size_t(0)}) {
            std::filesystem::resize_file(file("issued.log"), left);
            VERIFY_OK(m_ca->restart());
            m_ca->close();
            QCOMPARE(*readFile(file("issued.log")), before);
        }
    }

    void damageOfTheLogIsNamed() {
        m_ca->close();
        Bytes log = *readFile(file("issued.log"));
        log[log.size() / 2] ^= 1;
        std::ofstream(file("issued.log")) << log;
        remove("ca.db");
        const Status refused = m_ca->restart();
        QCOMPARE(reasonOf(refused), std::string("ISSUE_LOG_DAMAGED"));
        QVERIFY(!argumentOf(refused, "offset").empty());
    }

    void theListFollowsTheTable() {
        const auto revoked = m_ca->sendSigned(m_ca->admin(), "POST", "/api/v1/revoke",
                                              {{"id", "a"}, {"reason", "superseded"}});
        QCOMPARE(revoked.status, 200);
        const Bytes good = *readFile(file("crl.pem"));
        for (const std::string& content : {std::string(), std::string("nonsense")}) {
            m_ca->close();
            std::ofstream(file("crl.pem")) << content;
            VERIFY_OK(m_ca->restart());
            const auto list = identity::RevocationList::fromBytes(*readFile(file("crl.pem")));
            VERIFY_OK(list);
            QCOMPARE(list->entries().size(), std::size_t(1));
        }
        // A list from before the revocation.
        m_ca->close();
        const auto empty = identity::makeRevocationList(
            *identity::Certificate::fromPem(*readFile(file("cert.pem"))),
            *crypto::PrivateKey::fromPem(*readFile(file("key.pem"))), {}, m_ca->clock().now(),
            m_ca->clock().now() + absl::Hours(24));
        std::ofstream(file("crl.pem")) << empty->toPem();
        VERIFY_OK(m_ca->restart());
        QCOMPARE(identity::RevocationList::fromBytes(*readFile(file("crl.pem")))->entries().size(),
                 std::size_t(1));
    }

    void theListStaysFresh() {
        const auto list = [&] {
            return *identity::RevocationList::fromBytes(*readFile(file("crl.pem")));
        };
        const absl::Time first = list().thisUpdate();
        m_ca->clock().shift = absl::Hours(11);
        VERIFY_OK(m_ca->ca().refreshCrl());
        QVERIFY(list().thisUpdate() == first);
        m_ca->clock().shift = absl::Hours(13);
        VERIFY_OK(m_ca->ca().refreshCrl());
        QVERIFY(list().thisUpdate() > first);
        m_ca->clock().shift = absl::Hours(26);
        VERIFY_OK(m_ca->restart());
        QVERIFY(list().thisUpdate() > first + absl::Hours(20));
    }

    void oneProcessOnly() {
        const auto second = CertificateAuthority::open(m_ca->options());
        QCOMPARE(reasonOf(second.status()), std::string("CA_IN_USE"));
    }

    void keysThatOthersCanReadAreNotUsed() {
        m_ca->close();
        std::filesystem::permissions(file("key.pem"), std::filesystem::perms::group_read,
                                     std::filesystem::perm_options::add);
        QCOMPARE(reasonOf(m_ca->restart()), std::string("KEY_FILE_EXPOSED"));
    }

    void keysOfOthersAreNotUsed() {
        m_ca->close();
        const auto other = crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256);
        VERIFY_OK(writeFileAtomically(file("key.pem"), other->toPem(), 0600));
        QCOMPARE(reasonOf(m_ca->restart()), std::string("KEY_MISMATCH"));
    }
};

}  // namespace chancery::node

using chancery::node::CaRestartTest;
CHANCERY_TEST(CaRestartTest)
#include "CaRestartTest.moc"
