#include "ui/style/Icons.h"

#include <QtWidgets>
#include "tests/support/TestMain.h"

namespace chancery::test {

using namespace ui;

class IconsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::instance().applyTo(*qApp); }

    void everyFileDrawsSomething() {
        const QStringList files = QDir(":/icons").entryList({"*.svg"});
        QVERIFY(files.size() >= 81);
        for (const QString& file : files) {
            const QImage image = icon(file.chopped(4)).pixmap(16, 16).toImage();
            QCOMPARE(image.size(), QSize(16, 16));
            int drawn = 0;
            for (int y = 0; y < 16; ++y) {
                for (int x = 0; x < 16; ++x) drawn += image.pixelColor(x, y).alpha() > 60;
            }
            QVERIFY2(drawn >= 4, qPrintable(file));
        }
    }

    void everyStateHasItsOwnMarkAndWord() {
        QSet<QByteArray> marks;
        QSet<QString> words;
        for (int i = 0; i <= int(Status::None); ++i) {
            // In one colour: shapes alone tell states apart.
            const QImage image = statusIcon(Status(i)).pixmap(28, 28, QIcon::Disabled).toImage();
            marks << QByteArray(reinterpret_cast<const char*>(image.constBits()),
                                image.sizeInBytes());
            words << wordOf(Status(i));
        }
        QCOMPARE(marks.size(), int(Status::None) + 1);
        QCOMPARE(words.size(), int(Status::None) + 1);
    }

    void aColourIsTheTones() {
        Theme::instance().setMode(Theme::Mode::Light);
        const QIcon disc = icon("stop", Tone::Error);
        QVERIFY(hasColour(disc, Theme::instance().color(Tone::Error)));
        // The same object follows the theme.
        Theme::instance().setMode(Theme::Mode::Dark);
        QVERIFY(hasColour(disc, Theme::instance().color(Tone::Error)));
        const QIcon plain = icon("stop");
        QVERIFY(hasColour(plain, Theme::instance().color(Tone::Text2)));
        QVERIFY(plain.pixmap(64, QIcon::Disabled).toImage() != plain.pixmap(64).toImage());
        QVERIFY(plain.pixmap(64, QIcon::Selected).toImage() != plain.pixmap(64).toImage());
        Theme::instance().setMode(Theme::Mode::Light);
    }

    void sharpAtEveryRatio() {
        for (const qreal ratio : {1.0, 1.25, 2.0, 3.0}) {
            const QPixmap pixmap = icon("search").pixmap(QSize(16, 16), ratio);
            QCOMPARE(pixmap.size(), (QSizeF(16, 16) * ratio).toSize());
        }
    }

    void anUnknownNameDrawsABox() {
        QTest::ignoreMessage(QtWarningMsg, "no icon is called nosuchicon");
        QVERIFY(!icon("nosuchicon").pixmap(16, 16).isNull());
    }

private:
    static bool hasColour(const QIcon& icon, const QColor& color) {
        const QImage image = icon.pixmap(64, 64).toImage();
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (image.pixelColor(x, y) == color) return true;
            }
        }
        return false;
    }
};

CHANCERY_TEST(IconsTest)

}  // namespace chancery::test

#include "IconsTest.moc"
