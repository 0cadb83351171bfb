#include "ui/widgets/QueryEdit.h"

#include <QSignalSpy>
#include <QtWidgets>
#include "tests/support/TestMain.h"
#include "ui/style/Theme.h"

namespace chancery::test {

using namespace ui;

class QueryEditTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::instance().applyTo(*qApp); }

    void init() {
        m_window = std::make_unique<QWidget>();
        auto* layout = new QVBoxLayout(m_window.get());
        m_query = new QueryEdit;
        m_query->setTokenizer(&tokens);
        layout->addWidget(m_query);
        layout->addStretch(1);
        m_other = new QLineEdit;
        layout->addWidget(m_other);
        m_window->resize(600, 400);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        m_query->setFocus();
        QVERIFY(m_query->lineEdit()->hasFocus());
    }

    void aSpaceFinishesAChip() {
        QSignalSpy changed(m_query, &QueryEdit::queryChanged);
        QTest::keyClicks(edit(), "block:12");
        QCOMPARE(m_query->chipCount(), 0);
        QCOMPARE(changed.count(), 0);
        QTest::keyClicks(edit(), " ");
        QCOMPARE(m_query->chipCount(), 1);
        QCOMPARE(m_query->chipLabel(0), QString("block = 12"));
        QCOMPARE(changed.takeLast().at(0).toString(), QString("block:12"));
        QTest::keyClicks(edit(), "abc");
        QCOMPARE(m_query->text(), QString("block:12 abc"));
        QCOMPARE(edit()->text(), QString("abc"));
    }

    void enterFinishesAndSubmits() {
        QSignalSpy submitted(m_query, &QueryEdit::submitted);
        QSignalSpy changed(m_query, &QueryEdit::queryChanged);
        QTest::keyClicks(edit(), "size:5");
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(m_query->chipCount(), 1);
        QCOMPARE(submitted.count(), 1);
        QCOMPARE(submitted.at(0).at(0).toString(), QString("size:5"));
        QCOMPARE(changed.count(), 1);
        QTest::keyClicks(edit(), "free text");
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(changed.last().at(0).toString(), QString("size:5 free text"));
    }

    void backspaceBeforeTheTextRemovesTheLastChip() {
        m_query->setText("block:1 size:2 x");
        QCOMPARE(m_query->chipCount(), 2);
        QTest::keyClick(edit(), Qt::Key_Backspace);  // takes the letter
        QCOMPARE(m_query->chipCount(), 2);
        QTest::keyClick(edit(), Qt::Key_Backspace);
        QCOMPARE(m_query->text(), QString("block:1"));
    }

    void arrowsWalkIntoChips() {
        m_query->setText("block:1 size:2");
        QTest::keyClick(edit(), Qt::Key_Left);
        QCOMPARE(m_query->selectedChip(), 1);
        QTest::keyClick(edit(), Qt::Key_Left);
        QCOMPARE(m_query->selectedChip(), 0);
        QTest::keyClick(edit(), Qt::Key_Left);
        QCOMPARE(m_query->selectedChip(), 0);
        QTest::keyClick(edit(), Qt::Key_Right);
        QTest::keyClick(edit(), Qt::Key_Right);
        QCOMPARE(m_query->selectedChip(), -1);
        QTest::keyClick(edit(), Qt::Key_Home);
        QCOMPARE(m_query->selectedChip(), 0);
        QTest::keyClick(edit(), Qt::Key_Delete);
        QCOMPARE(m_query->text(), QString("size:2"));
    }

    void enterOnAChipOpensIt() {
        m_query->setText("block:1 size:2 rest");
        QTest::keyClick(edit(), Qt::Key_Home);
        QTest::keyClick(edit(), Qt::Key_Home);
        QCOMPARE(m_query->selectedChip(), 0);
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(edit()->text(), QString("block:1 rest"));
        QCOMPARE(edit()->cursorPosition(), 7);
        QTest::keyClicks(edit(), "9");
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(m_query->text(), QString("size:2 block:19 rest"));
    }

    void escapeClears() {
        QSignalSpy changed(m_query, &QueryEdit::queryChanged);
        m_query->setText("block:1 rest");
        changed.clear();
        QTest::keyClick(edit(), Qt::Key_Escape);
        QVERIFY(m_query->text().isEmpty());
        QCOMPARE(changed.count(), 1);
    }

    void leavingFinishesTheLastWord() {
        QTest::keyClicks(edit(), "block:7");
        m_other->setFocus();
        QCOMPARE(m_query->chipCount(), 1);
    }

    void aWrongTokenSaysSo() {
        m_query->setText("block:abc");
        QCOMPARE(m_query->error(), QString("not a number"));
        m_query->setText("block:1");
        QVERIFY(m_query->error().isEmpty());
        m_query->setError("no hits");
        QCOMPARE(m_query->error(), QString("no hits"));
    }

    void theCrossRemoves() {
        m_query->setText("block:1 size:2");
        m_query->grab();
        // The cross stands at the right end of the first chip, which the second one follows.
        for (int x = 34; x < m_query->width() && m_query->chipCount() == 2; x += 3) {
            QTest::mouseClick(m_query, Qt::LeftButton, {}, QPoint(x, m_query->height() / 2));
            if (m_query->chipCount() == 2) QCOMPARE(m_query->selectedChip(), 0);
        }
        QCOMPARE(m_query->text(), QString("size:2"));
    }

    void completionReplacesTheWord() {
        m_query->setCompleter([](const QString& text, qsizetype cursor) {
            std::vector<QueryCompletion> found;
            for (const QString& word : {QString("block:"), QString("block-hash:")}) {
                if (!text.isEmpty() && word.startsWith(text) && word != text) {
                    found.push_back({word, "a hint", 0, cursor});
                }
            }
            return found;
        });
        QTest::keyClicks(edit(), "bl");
        QVERIFY(m_query->isPopupOpen());
        QTest::keyClick(edit(), Qt::Key_Down);
        QTest::keyClick(edit(), Qt::Key_Down);
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(edit()->text(), QString("block-hash:"));
        QVERIFY(!m_query->isPopupOpen());
        edit()->clear();
        QTest::keyClicks(edit(), "bl");
        QTest::keyClick(edit(), Qt::Key_Escape);
        QVERIFY(!m_query->isPopupOpen());
        QCOMPARE(edit()->text(), QString("bl"));
        QTest::keyClick(edit(), Qt::Key_Down);
        QVERIFY(m_query->isPopupOpen());
        QTest::keyClick(edit(), Qt::Key_Tab);
        QCOMPARE(edit()->text(), QString("block:"));
        QVERIFY(edit()->hasFocus());
    }

    void manyChipsLeaveRoomToType() {
        QStringList parts;
        for (int i = 0; i < 20; ++i) parts << QString("block:%1").arg(100000 + i);
        m_query->setText(parts.join(' '));
        QCOMPARE(m_query->chipCount(), 20);
        QVERIFY(edit()->width() >= 100);
        QVERIFY(edit()->geometry().right() <= m_query->width());
    }

    void labelsAreMadeHarmless() {
        m_query->setTokenizer([](const QString& text) {
            return std::vector<QueryChip>{{0, text.size(), {}, {}}};
        });
        m_query->setText(u"key:\u202egnp"_qs);
        QCOMPARE(m_query->chipLabel(0), u"key:·U+202E·gnp"_qs);
        QCOMPARE(m_query->text(), u"key:\u202egnp"_qs);  // the meaning is not touched
    }

private:
    QLineEdit* edit() const { return m_query->lineEdit(); }

    static std::vector<QueryChip> tokens(const QString& text) {
        static const QRegularExpression token(R"((block|size):(\S+))");
        std::vector<QueryChip> chips;
        for (auto it = token.globalMatch(text); it.hasNext();) {
            const auto match = it.next();
            bool number = false;
            match.captured(2).toInt(&number);
            chips.push_back({match.capturedStart(), match.capturedEnd(),
                             match.captured(1) + " = " + match.captured(2),
                             number ? QString() : QString("not a number")});
        }
        return chips;
    }

    std::unique_ptr<QWidget> m_window;
    QueryEdit* m_query = nullptr;
    QLineEdit* m_other = nullptr;
};

CHANCERY_TEST(QueryEditTest)

}  // namespace chancery::test

#include "QueryEditTest.moc"
