using FsCheck;
using FsCheck.Fluent;
using Lae.Formats;

namespace Lae.Tests.Formats;

/// <summary>What the tests of all formats ask of a reader.</summary>
internal static class FormatChecks
{
    /// <summary>Reading must fail with one line that names the source, and with the given words in the message.</summary>
    public static DataFormatException Refused(byte[] file, Action<Stream> read, params string[] words)
    {
        using var stream = new MemoryStream(file, writable: false);
        var exception = Assert.Throws<DataFormatException>(() => read(stream));
        Assert.DoesNotContain('\n', exception.Message);
        Assert.StartsWith($"{exception.SourceName}: {exception.Place}: ", exception.Message, StringComparison.Ordinal);
        foreach (string word in words)
        {
            Assert.Contains(word, exception.Message, StringComparison.Ordinal);
        }

        return exception;
    }

    /// <summary>Every proper beginning of the file must be refused, and never by another exception.</summary>
    public static void EveryTruncationIsRefused(byte[] file, Action<Stream> read)
    {
        for (int length = 0; length < file.Length; length++)
        {
            Refused(file[..length], read);
        }
    }

    /// <summary>With one byte changed, a reader may accept or refuse, but not fail in another way.</summary>
    public static void NoChangedByteBreaks(byte[] file, Action<Stream> read)
    {
        for (int place = 0; place < file.Length; place++)
        {
            foreach (byte change in (byte[])[0x01, 0x20, 0x80, 0xFF])
            {
                byte[] changed = [.. file];
                changed[place] ^= change;
                using var stream = new MemoryStream(changed, writable: false);
                try
                {
                    read(stream);
                }
                catch (DataFormatException)
                {
                    // Refused in the promised way.
                }
            }
        }
    }

    public static byte[] Written(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    /// <summary>Checks a property on 100 cases of a fixed seed.</summary>
    public static void ForAll<T>(Gen<T> cases, ulong seed, Func<T, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(new Replay(new Rnd(seed, 1), null)), Prop.ForAll(cases.ToArbitrary(), property));

    /// <summary>Shapes of one to four dimensions of 0 to 5.</summary>
    public static Gen<int[]> Shapes { get; } =
        Gen.Choose(1, 4).SelectMany(count => Gen.Choose(0, 5).ArrayOf(count));

    /// <summary>Any bit pattern: NaNs, infinities and subnormals too.</summary>
    public static Gen<double> AnyDouble { get; } =
        Gen.Choose(int.MinValue, int.MaxValue).Two()
            .Select(bits => BitConverter.Int64BitsToDouble(((long)bits.Item1 << 32) | (uint)bits.Item2));

    public static int Product(int[] shape) => shape.Aggregate(1, (count, dimension) => count * dimension);
}
