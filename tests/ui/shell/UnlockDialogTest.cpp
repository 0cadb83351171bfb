#include "ui/shell/UnlockDialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "src/wallet/ConsoleVault.h"
#include "tests/support/FakeKeychain.h"
#include "tests/support/LayoutCheck.h"
#include "tests/support/TestMain.h"
#include "ui/models/KeysModel.h"
#include "ui/models/Settings.h"
#include "ui/shell/KeysSection.h"

using namespace chancery;
using namespace chancery::ui;
using test::FakeKeychain;
using State = KeysModel::State;

namespace {

struct Desktop {
    QTemporaryDir folder;
    FakeKeychain keychain;
    Settings settings{folder.filePath("settings.ini")};
    KeysModel model{vault(), settings};
    KeysSection section{model, nullptr};

    std::shared_ptr<wallet::ConsoleVault> vault() {
        wallet::Options options;
        options.cost = options.leastCost = {.log2N = 4, .r = 1, .p = 1};
        options.protectProcess = false;
        options.keychain = &keychain;
        return std::make_shared<wallet::ConsoleVault>(folder.filePath("keys").toStdString(),
                                                      options);
    }
    template <class T>
    T* part(const char* name) {
        return section.findChild<T*>(name);
    }
    UnlockDialog* dialog() { return section.findChild<UnlockDialog*>(); }
    bool becomes(State state) {
        return QTest::qWaitFor([&] { return model.state() == state && !model.busy(); }, 20000);
    }
    void type(const QString& first, const QString& second = {}) {
        const auto fields = dialog()->findChildren<QLineEdit*>();
        fields[0]->setText(first);
        if (fields.size() > 1) fields[1]->setText(second);
    }
    QPushButton* act() { return dialog()->findChildren<QPushButton*>().last(); }
};

}  // namespace

/// The settings of the keys and the dialog that asks for the passphrase.
class UnlockDialogTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void makesRemembersLocksAndUnlocks() {
        Desktop at;
        at.section.show();
        at.model.begin();
        QVERIFY(at.becomes(State::None));
        at.part<QPushButton>("keysAct")->click();
        QVERIFY(at.dialog() != nullptr);
        at.type("a good passphrase", "another one");
        QVERIFY(!at.act()->isEnabled());
        at.type("a good passphrase", "a good passphrase");
        at.dialog()->findChild<QCheckBox*>("remember")->setChecked(true);
        QVERIFY2(test::layoutComplaints(*at.dialog()).isEmpty(),
                 qPrintable(test::layoutComplaints(*at.dialog()).join('\n')));
        at.act()->click();
        QVERIFY(at.becomes(State::Unlocked));
        QTRY_VERIFY(at.dialog() == nullptr);
        QVERIFY(at.part<QCheckBox>("keysRemember")->isChecked());
        at.part<QPushButton>("keysAct")->click();
        QVERIFY(at.becomes(State::Locked));
        // Remembered: nobody is asked.
        at.part<QPushButton>("keysAct")->click();
        QVERIFY(at.dialog() == nullptr);
        QVERIFY(at.becomes(State::Unlocked));
        at.part<QCheckBox>("keysRemember")->click();
        QTRY_VERIFY(!at.model.remembered());
        QVERIFY(at.keychain.secrets().empty());
    }

    void aWrongPassphraseIsSaidAndAskedAgain() {
        Desktop at;
        QVERIFY(at.vault()->create("a good passphrase").ok());
        at.section.show();
        at.model.begin();
        QVERIFY(at.becomes(State::Locked));
        at.part<QPushButton>("keysAct")->click();
        at.type("no good passphrase");
        at.act()->click();
        auto* error = at.dialog()->findChild<QLabel*>("error");
        QTRY_COMPARE(error->text(), "This is not the passphrase.");
        QVERIFY(at.dialog()->findChild<QLineEdit*>()->text().isEmpty());
        at.type("a good passphrase");
        at.act()->click();
        QVERIFY(at.becomes(State::Unlocked));
        QTRY_VERIFY(at.dialog() == nullptr);
    }

    void withoutAKeychainThePassphraseStays() {
        Desktop at;
        QVERIFY(at.vault()->create("a good passphrase").ok());
        at.keychain.fail(test::noKeychain());
        at.section.show();
        at.model.begin();
        QVERIFY(at.becomes(State::Locked));
        at.part<QCheckBox>("keysRemember")->click();
        QVERIFY(at.dialog() != nullptr);
        at.type("a good passphrase");
        at.act()->click();
        QVERIFY(at.becomes(State::Unlocked));
        QVERIFY(!at.part<QCheckBox>("keysRemember")->isChecked());
        QVERIFY(at.part<QLabel>("keysError")->text().contains("no keychain"));
        QVERIFY(at.part<QLabel>("keysError")->isVisible());
    }

    void aKeyMovesIntoTheKeychain() {
        Desktop at;
        {
            wallet::Options options;
            options.cost = options.leastCost = {.log2N = 4, .r = 1, .p = 1};
            options.protectProcess = false;
            auto made = wallet::Wallet::create(at.folder.filePath("keys").toStdString(),
                                               "a good passphrase", options);
            QVERIFY(made.ok());
            QVERIFY((*made)->keys().generate("admin", crypto::KeyAlgorithm::EcdsaP256).ok());
        }
        at.section.show();
        at.model.begin();
        QVERIFY(at.becomes(State::Locked));
        QVERIFY(!at.part<QPushButton>("keysMove")->isEnabled());
        at.model.unlock("a good passphrase", false);
        QVERIFY(at.becomes(State::Unlocked));
        QCOMPARE(at.part<QComboBox>("keysKey")->currentText(), "admin, in the workspace");
        at.part<QPushButton>("keysMove")->click();
        QTRY_COMPARE(at.part<QComboBox>("keysKey")->currentText(),
                     "admin, in the keychain of this desktop");
        QTRY_VERIFY(at.part<QPushButton>("keysMove")->isEnabled());
        QCOMPARE(at.part<QPushButton>("keysMove")->text(), "Move to the workspace");
        QCOMPARE(at.keychain.secrets().size(), 1U);
    }
};

CHANCERY_TEST(UnlockDialogTest)
#include "UnlockDialogTest.moc"
