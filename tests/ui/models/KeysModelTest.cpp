#include "ui/models/KeysModel.h"

#include <QSignalSpy>
#include <QTemporaryDir>

#include "src/wallet/ConsoleVault.h"
#include "tests/support/FakeKeychain.h"
#include "tests/support/TestMain.h"
#include "ui/models/Settings.h"

using namespace chancery;
using namespace chancery::ui;
using test::FakeKeychain;
using State = KeysModel::State;

namespace {

/// A real workspace whose passphrase is cheap to guess, with a keychain that is a map.
struct Desktop {
    QTemporaryDir folder;
    FakeKeychain keychain;
    Settings settings{folder.filePath("settings.ini")};

    std::shared_ptr<wallet::ConsoleVault> vault() {
        wallet::Options options;
        options.cost = options.leastCost = {.log2N = 4, .r = 1, .p = 1};
        options.protectProcess = false;
        options.keychain = &keychain;
        return std::make_shared<wallet::ConsoleVault>(folder.filePath("keys").toStdString(),
                                                      options);
    }
};

bool after(KeysModel& model, const std::function<void()>& act) {
    QSignalSpy done(&model, &KeysModel::done);
    act();
    return (done.count() > 0 || done.wait(20000)) && done.at(0).at(0).toBool();
}

}  // namespace

class KeysModelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void rememberedOverAStart() {
        Desktop at;
        {
            KeysModel model(at.vault(), at.settings);
            model.begin();
            QVERIFY(QTest::qWaitFor([&] { return model.state() == State::None; }));
            QVERIFY(!after(model, [&] { model.create("short", true); }));
            QCOMPARE(model.error(), "A passphrase has at least eight characters.");
            QVERIFY(model.state() == State::None && !model.remembered());
            QVERIFY(after(model, [&] { model.create("a good passphrase", true); }));
            QVERIFY(model.state() == State::Unlocked && model.remembered());
        }
        {
            KeysModel model(at.vault(), at.settings);
            QVERIFY(after(model, [&] { model.begin(); }));
            QVERIFY(model.state() == State::Unlocked);
            QVERIFY(after(model, [&] { model.lock(); }));
            QVERIFY(model.state() == State::Locked);
            QVERIFY(!after(model, [&] { model.unlock("not this one", false); }));
            QCOMPARE(model.error(), "This is not the passphrase.");
            QVERIFY(after(model, [&] { model.forget(); }));
            QVERIFY(!model.remembered() && at.keychain.secrets().empty());
        }
        KeysModel model(at.vault(), at.settings);
        model.begin();
        QVERIFY(QTest::qWaitFor([&] { return model.state() == State::Locked; }));
        QVERIFY(after(model, [&] { model.unlock("a good passphrase", false); }));
        QVERIFY(model.state() == State::Unlocked && !model.remembered());
    }

    void aDesktopWithoutKeychain() {
        Desktop at;
        at.keychain.fail(test::noKeychain());
        KeysModel model(at.vault(), at.settings);
        model.begin();
        QVERIFY(QTest::qWaitFor([&] { return model.state() == State::None; }));
        QVERIFY(!after(model, [&] { model.create("a good passphrase", true); }));
        QVERIFY(model.error().contains("no keychain"));
        QVERIFY(model.state() == State::Unlocked && !model.remembered());
        // One that is away for a while is asked again at the next start.
        at.keychain.fail(absl::OkStatus());
        QVERIFY(after(model, [&] { model.unlock("a good passphrase", true); }));
        at.keychain.fail(test::noKeychain());
        KeysModel later(at.vault(), at.settings);
        QVERIFY(!after(later, [&] { later.begin(); }));
        QVERIFY(later.state() == State::Locked && later.remembered());
    }

    void keysMove() {
        Desktop at;
        const auto vault = at.vault();
        QVERIFY(vault->create("a good passphrase").ok());
        {
            wallet::Options options;
            options.cost = options.leastCost = {.log2N = 4, .r = 1, .p = 1};
            options.protectProcess = false;
            auto wallet = wallet::Wallet::open(at.folder.filePath("keys").toStdString(), options);
            QVERIFY((*wallet)->vault().unlock("a good passphrase").ok());
            QVERIFY((*wallet)->keys().generate("a", crypto::KeyAlgorithm::EcdsaP256).ok());
        }
        KeysModel model(vault, at.settings);
        QVERIFY(after(model, [&] { model.unlock("a good passphrase", false); }));
        QCOMPARE(model.keys().size(), 1U);
        QCOMPARE(KeysModel::placeOf(model.keys()[0]), "in the workspace");
        const QString id = QString::fromStdString(model.keys()[0].id);
        QVERIFY(after(model, [&] { model.moveKey(id, true); }));
        QCOMPARE(KeysModel::placeOf(model.keys()[0]), "in the keychain of this desktop");
        QVERIFY(after(model, [&] { model.moveKey(id, false); }));
        QCOMPARE(KeysModel::placeOf(model.keys()[0]), "in the workspace");
        QVERIFY(after(model, [&] { model.lock(); }));
        QVERIFY(!after(model, [&] { model.moveKey(id, true); }));
        QCOMPARE(model.error(), "The keys are locked.");
    }
};

CHANCERY_TEST(KeysModelTest)
#include "KeysModelTest.moc"
