using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lae.Formats;
using Lae.Formats.Zarr;
using Lae.Host.Runs;
using Lae.Tests.Kernels;

namespace Lae.Tests.Formats;

public sealed class ZarrTests
{
    internal static readonly InferenceAttributes Attributes = new("2026-01-02T03:04:05+00:00", "0.1.0", TuningSteps: 1000, More: new Dictionary<string, string> { ["kernel"] = "NUTS" });

    private static readonly Gen<CutRun> Cases =
        from chains in Gen.Choose(1, 4)
        from inChunk in Gen.Choose(1, 7)
        from draws in Gen.Choose(0, 25)
        from cut in Gen.Choose(0, 25)
        from compressed in Gen.Elements(true, false)
        select new CutRun(chains, inChunk, draws, Math.Min(cut, draws), compressed);

    /// <summary>A run of so many draws, cut after some of them.</summary>
    public sealed record CutRun(int Chains, int DrawsInChunk, int Draws, int Cut, bool Compressed);

    internal static InferenceLayout Layout(int chains, int? drawsInChunk, bool compressed = false)
    {
        InferenceDimension school = new("school", 3, ["Ålesund", "b", "日本"]);
        return new InferenceLayout(
            chains,
            [
                new InferenceGroup("posterior", [new InferenceVariable("mu"), new InferenceVariable("theta", [school]), new InferenceVariable("L", [school, new InferenceDimension("L_dim_1", 2)])]),
                new InferenceGroup("sample_stats", [new InferenceVariable("lp"), new InferenceVariable("diverging", type: NpyType.Boolean), new InferenceVariable("n_steps", type: NpyType.Int64)]),
            ],
            [new FixedGroup("observed_data", [new FixedArray("y", [school], NpyArray.FromFloat64([3], [28, -3, 0.5])), new FixedArray("n", [], NpyArray.FromInt64([], [7]))])],
            drawsInChunk,
            compressed);
    }

    /// <summary>Draw t of every variable: each number is another, and tells where it belongs.</summary>
    internal static ReadOnlyMemory<double>[] Draw(InferenceLayout layout, int t) => [.. layout.Variables.Select((variable, v) => new ReadOnlyMemory<double>([.. Enumerable.Range(0, layout.Chains * variable.Size)
        .Select(i => variable.Type switch { NpyType.Boolean => (t + i) % 2, NpyType.Int64 => (1000 * t) + i, _ => (100 * v) + t + (i / 1024.0) })]))];

    private static void Append(InferenceWriter writer, InferenceLayout layout, int from, int to)
    {
        for (int t = from; t < to; t++)
        {
            writer.Append(Draw(layout, t));
        }
    }

    private static void AssertHolds(IZarrStore store, InferenceLayout layout, int draws)
    {
        InferenceReader reader = InferenceReader.Open(store);
        int v = 0;
        foreach (InferenceGroup group in layout.Drawn)
        {
            Assert.Equal(Enumerable.Range(0, draws).Select(t => (long)t), reader.Values(group.Name, "draw").ToInt64());
            Assert.Equal(Enumerable.Range(0, layout.Chains).Select(c => (long)c), reader.Values(group.Name, "chain").ToInt64());
            foreach (InferenceVariable variable in group.Variables)
            {
                NpyArray array = reader.Values(group.Name, variable.Name);
                Assert.Equal([layout.Chains, draws, .. variable.Dimensions.Select(one => one.Length)], array.Shape);
                Assert.Equal(["chain", "draw", .. variable.Dimensions.Select(one => one.Name)], reader.Dimensions(group.Name, variable.Name));
                double[] expected = new double[layout.Chains * draws * variable.Size];
                for (int t = 0; t < draws; t++)
                {
                    ReadOnlySpan<double> values = Draw(layout, t)[v].Span;
                    for (int i = 0; i < values.Length; i++)
                    {
                        expected[(((i / variable.Size * draws) + t) * variable.Size) + (i % variable.Size)] = values[i];
                    }
                }

                Assert.Equal(expected, array.ToFloat64());
                double[][] last = reader.Draws(group.Name, variable.Name, variable.Size - 1);
                Assert.Equal(expected.Where((_, i) => i % variable.Size == variable.Size - 1), last.SelectMany(chain => chain));
                v++;
            }
        }
    }

    [Fact]
    public void Draws_come_back_at_every_length() => Generated.ForAll(Cases, one =>
    {
        MemoryStore store = new();
        InferenceLayout layout = Layout(one.Chains, one.DrawsInChunk, one.Compressed);
        InferenceWriter writer = InferenceWriter.Create(store, layout, Attributes);
        Append(writer, layout, 0, one.Draws);
        AssertHolds(store, layout, one.Draws / one.DrawsInChunk * one.DrawsInChunk);
        writer.Flush();
        AssertHolds(store, layout, one.Draws);
        Assert.Equal((one.Draws, one.Draws), (writer.Draws, writer.CommittedDraws));
    });

    [Fact]
    public void A_continued_store_equals_an_uninterrupted_one_byte_for_byte() => Generated.ForAll(Cases, one =>
    {
        InferenceLayout layout = Layout(one.Chains, one.DrawsInChunk, one.Compressed);
        MemoryStore whole = new();
        InferenceWriter writer = InferenceWriter.Create(whole, layout, Attributes);
        Append(writer, layout, 0, one.Draws);
        writer.Finish(Attributes with { SamplingTime = 1.5 });

        // the first process came as far as all draws, but its last checkpoint knows of fewer
        MemoryStore cut = new();
        writer = InferenceWriter.Create(cut, layout, Attributes);
        Append(writer, layout, 0, one.Draws);
        writer.Flush();
        writer = InferenceWriter.Continue(cut, layout, one.Cut);
        AssertHolds(cut, layout, one.Cut);
        Append(writer, layout, one.Cut, one.Draws);
        writer.Finish(Attributes with { SamplingTime = 1.5 });

        Assert.Equal(whole.Contents.Keys.Order(StringComparer.Ordinal), cut.Contents.Keys.Order(StringComparer.Ordinal));
        Assert.All(whole.Contents, content => Assert.Equal(content.Value, cut.Contents[content.Key]));
    });

    [Fact]
    public void A_process_killed_at_any_write_leaves_whole_draws_and_can_go_on()
    {
        InferenceLayout layout = Layout(2, 3);
        MemoryStore whole = new();
        Record(whole, layout);
        for (int writes = 1; ; writes++)
        {
            MemoryStore store = new() { WritesLeft = writes };
            try
            {
                Record(store, layout);
                break;
            }
            catch (IOException)
            {
                store.WritesLeft = int.MaxValue;
            }

            if (!store.Contents.ContainsKey(".zmetadata"))
            {
                continue;
            }

            int held = InferenceReader.Open(store).Shape("posterior", "mu")[1];
            AssertHolds(store, layout, held);
            InferenceWriter writer = InferenceWriter.Continue(store, layout, held);
            Append(writer, layout, held, 8);
            writer.Flush();
            AssertHolds(store, layout, 8);
            Assert.All(whole.Contents, content => Assert.Equal(content.Value, store.Contents[content.Key]));
        }

        static void Record(MemoryStore store, InferenceLayout layout)
        {
            InferenceWriter writer = InferenceWriter.Create(store, layout, Attributes);
            Append(writer, layout, 0, 5);
            writer.Flush();
            Append(writer, layout, 5, 8);
            writer.Flush();
        }
    }

    [Fact]
    public void Fixed_arrays_labels_and_attributes_come_back()
    {
        MemoryStore store = new();
        InferenceWriter.Create(store, Layout(2, null), Attributes).Finish(Attributes with { SamplingTime = 12.5 });
        InferenceReader reader = InferenceReader.Open(store);

        Assert.Equal([28, -3, 0.5], reader.Values("observed_data", "y").ToFloat64());
        Assert.Equal(["school"], reader.Dimensions("observed_data", "y"));
        Assert.Equal([7], reader.Values("observed_data", "n").ToInt64());
        Assert.Equal(["Ålesund", "b", "日本"], reader.Labels("posterior", "school"));
        Assert.Equal([0, 1], reader.Values("posterior", "L_dim_1").ToInt64());
        Assert.Equal(["L", "L_dim_1", "chain", "draw", "mu", "school", "theta"], reader.Names("posterior"));
        foreach (string group in (string[])["posterior", "sample_stats", "observed_data"])
        {
            IReadOnlyDictionary<string, string> attributes = reader.Attributes(group);
            Assert.Equal(("lae", "2026-01-02T03:04:05+00:00", "12.5", "1000", "NUTS"), (attributes["inference_library"], attributes["created_at"], attributes["sampling_time"], attributes["tuning_steps"], attributes["kernel"]));
        }
    }

    [Fact]
    public void The_documents_are_those_of_version_2()
    {
        MemoryStore store = new();
        InferenceWriter.Create(store, Layout(2, 3, compressed: true), Attributes);
        Assert.Equal(
            """{"chunks":[2,3,3],"compressor":{"id":"zlib","level":1},"dtype":"<f8","fill_value":"NaN","filters":null,"order":"C","shape":[2,0,3],"zarr_format":2}""",
            Packed(store, "posterior/theta/.zarray"));
        Assert.Equal("""{"_ARRAY_DIMENSIONS":["chain","draw","school"]}""", Packed(store, "posterior/theta/.zattrs"));
        Assert.Equal("""{"zarr_format":2}""", Packed(store, ".zgroup"));

        static string Packed(MemoryStore store, string key) => string.Concat(Encoding.UTF8.GetString(store.Contents[key]).Where(character => !char.IsWhiteSpace(character)));
    }

    [Fact]
    public void What_cannot_be_stored_is_refused()
    {
        InferenceLayout layout = Layout(2, 3);
        MemoryStore store = new();
        InferenceWriter writer = InferenceWriter.Create(store, layout, Attributes);
        Assert.Throws<InvalidOperationException>(() => InferenceWriter.Create(store, layout, Attributes));
        Assert.Throws<ArgumentException>(() => writer.Append([]));
        foreach ((int variable, double bad) in new[] { (4, 2.0), (5, 0.5), (5, double.NaN) })
        {
            ReadOnlyMemory<double>[] draw = Draw(layout, 0);
            draw[variable] = new[] { 0, bad };
            Assert.Throws<ArgumentException>(() => writer.Append(draw));
        }

        ReadOnlyMemory<double>[] shorter = Draw(layout, 0);
        shorter[1] = new double[5];
        Assert.Throws<ArgumentException>(() => writer.Append(shorter));
        Assert.Equal(0, writer.Draws);

        Append(writer, layout, 0, 4);
        writer.Flush();
        Assert.Throws<ArgumentOutOfRangeException>(() => InferenceWriter.Continue(store, layout, 5));
        Assert.Throws<DataFormatException>(() => InferenceWriter.Continue(store, Layout(2, 4), 3));
        Assert.Throws<DataFormatException>(() => InferenceWriter.Continue(store, Layout(3, 3), 3));
        Assert.Throws<DataFormatException>(() => InferenceWriter.Continue(new MemoryStore(), layout, 0));
        Assert.Throws<ArgumentException>(() => new InferenceDimension("a/b", 1));
        Assert.Throws<ArgumentException>(() => new InferenceDimension("draw", 1));
        Assert.Throws<ArgumentException>(() => new InferenceVariable(".x"));
        Assert.Throws<ArgumentException>(() => new InferenceGroup("posterior", [new InferenceVariable("a"), new InferenceVariable("a")]));
        Assert.Throws<ArgumentException>(() => new InferenceGroup("posterior", [new InferenceVariable("a", [new("d", 2)]), new InferenceVariable("b", [new("d", 3)])]));
        Assert.Throws<ArgumentException>(() => new InferenceGroup("posterior", [new InferenceVariable("d"), new InferenceVariable("b", [new("d", 3)])]));
    }

    [Fact]
    public void A_damaged_store_is_refused_in_one_line()
    {
        InferenceLayout layout = Layout(2, 3, compressed: true);
        MemoryStore store = new();
        InferenceWriter writer = InferenceWriter.Create(store, layout, Attributes);
        Append(writer, layout, 0, 4);
        writer.Flush();
        byte[] chunk = store.Contents["posterior/theta/0.1.0"];
        void ReadWith(string key, Stream stream)
        {
            using MemoryStream copy = new();
            stream.CopyTo(copy);
            MemoryStore damaged = new(store.Contents) { Contents = { [key] = copy.ToArray() } };
            _ = InferenceReader.Open(damaged).Values("posterior", "theta");
            _ = InferenceWriter.Continue(damaged, layout, 4);
        }

        // a zlib stream that lacks the last bytes of its check value is not told apart by the runtime
        for (int length = 0; length < chunk.Length - 8; length++)
        {
            FormatChecks.Refused(chunk[..length], stream => ReadWith("posterior/theta/0.1.0", stream), "posterior/theta/0.1.0");
        }

        byte[] metadata = store.Contents[".zmetadata"];
        for (int length = 0; length < metadata.Length - 1; length += 97)
        {
            FormatChecks.Refused(metadata[..length], stream => ReadWith(".zmetadata", stream), ".zmetadata");
        }

        byte[] header = Encoding.UTF8.GetBytes("""{"metadata":{"posterior/theta/.zarray":{"chunks":[2,3,3],"compressor":{"id":"zlib"},"dtype":"<f8","fill_value":null,"filters":null,"order":"C","shape":[2,4,3],"zarr_format":2}}}""");
        FormatChecks.NoChangedByteBreaks(header, stream => ReadWith(".zmetadata", stream));
        store.Contents.Remove("posterior/theta/0.1.0");
        Assert.Contains("found nothing", Assert.Throws<DataFormatException>(() => InferenceReader.Open(store).Values("posterior", "theta")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_holds_the_same_and_refuses_what_is_no_key()
    {
        using TemporaryFolder folder = new();
        ZarrFolder store = new(Path.Combine(folder.Path, "draws.zarr"));
        InferenceLayout layout = Layout(2, 3);
        InferenceWriter writer = InferenceWriter.Create(store, layout, Attributes);
        Append(writer, layout, 0, 7);
        writer.Flush();
        AssertHolds(store, layout, 7);
        Assert.True(File.Exists(Path.Combine(store.Name, "posterior", "theta", "0.2.0")));
        Assert.DoesNotContain(Directory.EnumerateFiles(store.Name, "*", SearchOption.AllDirectories), file => file.EndsWith(".partial", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => store.Read("../x"));
    }

    [FactIfXarray]
    public void Xarray_and_zarr_read_the_groups()
    {
        const string Script = """
            import sys, zarr, xarray, numpy as np
            path, draws = sys.argv[1], int(sys.argv[2])
            for consolidated in (True, False):
                p = xarray.open_zarr(path, group='posterior', consolidated=consolidated)
                s = xarray.open_zarr(path, group='sample_stats', consolidated=consolidated)
                o = xarray.open_zarr(path, group='observed_data', consolidated=consolidated)
                assert p.theta.dims == ('chain', 'draw', 'school') and p.theta.shape == (2, draws, 3), p.theta
                assert p.L.dims == ('chain', 'draw', 'school', 'L_dim_1') and p.mu.dims == ('chain', 'draw')
                assert list(p.school.values) == ['Ålesund', 'b', '日本'] and list(p.L_dim_1.values) == [0, 1]
                assert list(p.chain.values) == [0, 1] and list(p.draw.values) == list(range(draws))
                t = np.arange(draws)
                assert np.array_equal(p.mu.values, np.stack([t + c / 1024 for c in (0, 1)]))
                assert np.array_equal(p.theta.sel(chain=1, school='b').values, 100 + t + 4 / 1024)
                assert np.array_equal(p.L.values[1, :, 2, 1], 200 + t + 11 / 1024)
                assert s.diverging.dtype == bool and np.array_equal(s.diverging.values[1], (t + 1) % 2 == 1)
                assert s.n_steps.dtype == np.int64 and np.array_equal(s.n_steps.values[1], 1000 * t + 1)
                assert list(o.y.values) == [28, -3, 0.5] and o.y.dims == ('school',) and int(o.n) == 7
                for g in (p, s, o):
                    assert g.attrs['inference_library'] == 'lae' and g.attrs['created_at'].startswith('2026') and g.attrs['tuning_steps'] == 1000
            assert sorted(g for g, _ in zarr.open_group(path, mode='r').groups()) == ['observed_data', 'posterior', 'sample_stats']
            print('read', float(p.theta.mean()))
            """;
        foreach ((int? inChunk, bool compressed) in new (int?, bool)[] { (3, false), (4, true), (null, false) })
        {
            using TemporaryFolder folder = new();
            InferenceLayout layout = Layout(2, inChunk, compressed);
            InferenceWriter writer = InferenceWriter.Create(new ZarrFolder(folder.Path), layout, Attributes);
            Append(writer, layout, 0, 8);
            writer.Finish(Attributes);
            Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"read 103.50"), ForeignProgram.Run(FactIfXarrayAttribute.Python, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", Script, folder.Path, "8"), StringComparison.Ordinal);
        }
    }

    /// <summary>A store in memory, which can fail after so many writes as a killed process does.</summary>
    internal sealed class MemoryStore : IZarrStore
    {
        public MemoryStore()
        {
        }

        public MemoryStore(Dictionary<string, byte[]> contents) => Contents = new(contents, StringComparer.Ordinal);

        public Dictionary<string, byte[]> Contents { get; init; } = new(StringComparer.Ordinal);

        public int WritesLeft { get; set; } = int.MaxValue;

        public bool Forgets { get; init; }

        public string Name => "memory";

        public void Write(string key, ReadOnlyMemory<byte> content)
        {
            if (WritesLeft-- == 0)
            {
                throw new IOException("killed");
            }

            if (!Forgets)
            {
                Contents[key] = content.ToArray();
            }
        }

        public byte[]? Read(string key) => Contents.GetValueOrDefault(key);
    }
}
