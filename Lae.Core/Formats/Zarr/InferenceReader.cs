namespace Lae.Formats.Zarr;

/// <summary>Reads what <see cref="InferenceWriter"/> wrote: the draws that count, whether the run has ended or not.</summary>
public sealed class InferenceReader
{
    private readonly IZarrStore store;
    private readonly ZarrMetadata metadata;

    private InferenceReader(IZarrStore store, ZarrMetadata metadata)
    {
        this.store = store;
        this.metadata = metadata;
    }

    /// <summary>Opens a store as it is at this moment; draws that are written later are not seen.</summary>
    /// <param name="store">A store with consolidated metadata.</param>
    /// <returns>A reader.</returns>
    /// <exception cref="DataFormatException">There are no consolidated metadata, or they are damaged.</exception>
    public static InferenceReader Open(IZarrStore store) => new(store, ZarrMetadata.Read(store));

    /// <summary>Arrays of a group, axes among them, in ordinal order.</summary>
    /// <param name="group">Such as <c>posterior</c>.</param>
    /// <returns>Names; none if there is no such group.</returns>
    public IReadOnlyList<string> Names(string group) => [.. this.metadata.Keys
        .Where(key => key.StartsWith(group + "/", StringComparison.Ordinal) && key.EndsWith("/.zarray", StringComparison.Ordinal))
        .Select(key => key[(group.Length + 1)..^"/.zarray".Length])];

    /// <summary>The names of an array's axes.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="name">Its name.</param>
    /// <returns>Outermost first.</returns>
    /// <exception cref="DataFormatException">There is no such array.</exception>
    public IReadOnlyList<string> Dimensions(string group, string name) => this.metadata.Dimensions(this.store, $"{group}/{name}");

    /// <summary>The lengths of an array's axes.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="name">Its name.</param>
    /// <returns>Outermost first.</returns>
    /// <exception cref="DataFormatException">There is no such array.</exception>
    public IReadOnlyList<int> Shape(string group, string name) => this.metadata.Header(this.store, $"{group}/{name}").Shape;

    /// <summary>The attributes of a group as texts.</summary>
    /// <param name="group">Its name.</param>
    /// <returns>Texts by name.</returns>
    /// <exception cref="DataFormatException">There is no such group.</exception>
    public IReadOnlyDictionary<string, string> Attributes(string group) => this.metadata.Attributes(this.store, group);

    /// <summary>Reads a whole array of numbers.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The array, [chain, draw, …] for a variable.</returns>
    /// <exception cref="DataFormatException">There is no such array, it holds texts, or a chunk is missing or damaged.</exception>
    public NpyArray Values(string group, string name)
    {
        ZarrHeader header = this.metadata.Header(this.store, $"{group}/{name}");
        NpyType type = Npy.TypeOf(header.Descriptor) ?? throw new DataFormatException(this.store.Name, $"{group}/{name}", $"expected numbers, found {header.Descriptor}");
        return new NpyArray(type, header.Shape, ZarrChunks.ReadAll(this.store, $"{group}/{name}", header), $"{this.store.Name}/{group}/{name}");
    }

    /// <summary>Reads the labels of an axis.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The texts.</returns>
    /// <exception cref="DataFormatException">There is no such array, it holds numbers, or a chunk is missing or damaged.</exception>
    public IReadOnlyList<string> Labels(string group, string name)
    {
        string path = $"{group}/{name}";
        ZarrHeader header = this.metadata.Header(this.store, path);
        return Npy.TypeOf(header.Descriptor) is null
            ? ZarrChunks.Decode(ZarrChunks.ReadAll(this.store, path, header), header.ElementSize, $"{this.store.Name}/{path}")
            : throw new DataFormatException(this.store.Name, path, $"expected texts, found {header.Descriptor}");
    }

    /// <summary>Reads the draws of one number of a variable, chunk by chunk, so that variables larger than memory can be judged.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="name">Its name.</param>
    /// <param name="element">Which number of the variable, in [0, size), counted row by row.</param>
    /// <returns>One array of draws for each chain.</returns>
    /// <exception cref="DataFormatException">There is no such variable, or a chunk is missing or damaged.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such number.</exception>
    public double[][] Draws(string group, string name, int element) => Draws(group, name, element, 1)[0];

    /// <summary>Reads the draws of neighbouring numbers of a variable in one pass over its chunks.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="name">Its name.</param>
    /// <param name="first">The first number, in [0, size), counted row by row.</param>
    /// <param name="count">How many, so that none is beyond the size.</param>
    /// <returns>[count][chains][draws].</returns>
    /// <exception cref="DataFormatException">There is no such variable, or a chunk is missing or damaged.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such number.</exception>
    public double[][][] Draws(string group, string name, int first, int count)
    {
        ZarrHeader header = Variable($"{group}/{name}");
        int size = header.Shape.Skip(2).Aggregate(1, (product, length) => product * length);
        if (first < 0 || count < 0 || first + count > size || first >= size)
        {
            throw new ArgumentOutOfRangeException(nameof(first), first, $"{count} numbers from here on must be in [0, {size}).");
        }

        double[][][] result = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, header.Shape[0]).Select(_ => new double[header.Shape[1]]).ToArray())];
        foreach (DrawChunk chunk in Chunks(group, name))
        {
            for (int chain = 0; chain < header.Shape[0]; chain++)
            {
                for (int i = 0; i < chunk.Count; i++)
                {
                    ReadOnlySpan<double> row = chunk.Row(chain, i).Slice(first, count);
                    for (int element = 0; element < count; element++)
                    {
                        result[element][chain][chunk.First + i] = row[element];
                    }
                }
            }
        }

        return result;
    }

    /// <summary>Reads a variable draw by draw, a chunk in memory at a time.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="name">Its name.</param>
    /// <returns>Its chunks in order.</returns>
    /// <exception cref="DataFormatException">There is no such variable, or a chunk is missing or damaged.</exception>
    public IEnumerable<DrawChunk> Chunks(string group, string name)
    {
        string path = $"{group}/{name}";
        ZarrHeader header = Variable(path);
        NpyType type = Npy.TypeOf(header.Descriptor)!.Value;
        int size = header.Shape.Skip(2).Aggregate(1, (product, length) => product * length);
        (int draws, int inChunk) = (header.Shape[1], header.Chunks[1]);
        int[] chunk = new int[header.Shape.Count];
        for (int start = 0; start < draws; start += inChunk, chunk[1]++)
        {
            double[] values = new NpyArray(type, header.Chunks, ZarrChunks.Read(this.store, path, header, chunk), $"{this.store.Name}/{path}").ToFloat64();
            yield return new DrawChunk(start, Math.Min(inChunk, draws - start), inChunk, size, values);
        }
    }

    private ZarrHeader Variable(string path)
    {
        ZarrHeader header = this.metadata.Header(this.store, path);
        int rank = header.Shape.Count;
        return Npy.TypeOf(header.Descriptor) is not null && rank >= 2 && Enumerable.Range(0, rank).All(axis => axis == 1 || header.Chunks[axis] == header.Shape[axis])
            ? header
            : throw new DataFormatException(this.store.Name, path, "expected a variable of numbers [chain, draw, …] in chunks along the draws");
    }
}
