using System.Buffers.Binary;

namespace Lae.Formats.Zarr;

/// <summary>
/// Writes draws as they come, in memory that does not grow: one chunk of each variable. A chunk that is full goes to the store in this order: the chunks of all variables, the lengths of all arrays, and
/// the consolidated metadata, whose replacement is the moment from which the draws count. A process that is killed at any instant so leaves a store whose consolidated metadata describe whole chunks only; chunks that were
/// written but not yet counted are written again, with the same bytes, by the continued run.
/// </summary>
public sealed class InferenceWriter
{
    private const int DrawAxis = 1;

    private readonly IZarrStore store;
    private readonly InferenceLayout layout;
    private readonly ZarrMetadata metadata;
    private readonly Growing[] variables;
    private readonly Growing[] counters;
    private int committed;

    private InferenceWriter(IZarrStore store, InferenceLayout layout, ZarrMetadata metadata, int draws)
    {
        this.store = store;
        this.layout = layout;
        this.metadata = metadata;
        this.variables = [.. layout.Drawn.SelectMany(group => group.Variables.Select(variable => new Growing(
            $"{group.Name}/{variable.Name}",
            new ZarrHeader(
                [layout.Chains, 0, .. variable.Dimensions.Select(one => one.Length)],
                [layout.Chains, layout.DrawsInChunk, .. variable.Dimensions.Select(one => one.Length)],
                Npy.DescriptorOf(variable.Type),
                layout.Compressed),
            DrawAxis,
            variable)))];
        this.counters = [.. layout.Drawn.Select(group => new Growing(
            $"{group.Name}/{InferenceName.Draw}", new ZarrHeader([0], [layout.DrawsInChunk], Npy.DescriptorOf(NpyType.Int64), layout.Compressed), 0, null))];
        Draws = draws;
        this.committed = draws;
    }

    /// <summary>Draws handed over so far, of every chain.</summary>
    public int Draws { get; private set; }

    /// <summary>Draws in the store so far: what a killed process leaves.</summary>
    public int CommittedDraws => this.committed;

    private IEnumerable<Growing> Arrays => this.variables.Concat(this.counters);

    /// <summary>Begins a store: groups, axes and fixed arrays, and no draw.</summary>
    /// <param name="store">An empty store.</param>
    /// <param name="layout">What it will hold.</param>
    /// <param name="attributes">Where it comes from.</param>
    /// <returns>A writer.</returns>
    /// <exception cref="InvalidOperationException">The store holds draws already.</exception>
    public static InferenceWriter Create(IZarrStore store, InferenceLayout layout, InferenceAttributes attributes)
    {
        if (store.Read(ZarrMetadata.ConsolidatedKey) is not null)
        {
            throw new InvalidOperationException($"{store.Name} holds draws already; continue it, or take another.");
        }

        ZarrMetadata metadata = new();
        metadata.WriteGroup(store, "");
        metadata.Write(store, ".zattrs", attributes.WriteTo);
        InferenceWriter writer = new(store, layout, metadata, 0);
        foreach (InferenceGroup group in layout.Drawn)
        {
            writer.WriteGroup(group.Name, group.Dimensions, attributes);
            writer.WriteCoordinate(group.Name, InferenceName.Chain, layout.Chains, null);
            metadata.WriteArray(store, $"{group.Name}/{InferenceName.Draw}", writer.counters[0].Header, [InferenceName.Draw]);
        }

        foreach (Growing array in writer.variables)
        {
            metadata.WriteArray(store, array.Path, array.Header, [InferenceName.Chain, InferenceName.Draw, .. array.Variable!.Dimensions.Select(one => one.Name)]);
        }

        foreach (FixedGroup group in layout.Fixed)
        {
            writer.WriteGroup(group.Name, group.Dimensions, attributes);
            foreach (FixedArray array in group.Arrays)
            {
                writer.WriteFixed($"{group.Name}/{array.Name}", Npy.DescriptorOf(array.Values.Type), array.Values.Shape, [.. array.Dimensions.Select(one => one.Name)], array.Values.Data);
            }
        }

        metadata.Commit(store);
        return writer;
    }

    /// <summary>Goes on with a store that <see cref="Create"/> began.</summary>
    /// <param name="store">The store.</param>
    /// <param name="layout">The same layout.</param>
    /// <param name="draws">How many draws of each chain to keep, in [0, draws in the store]: those that the checkpoint knows of. Later ones are forgotten.</param>
    /// <returns>A writer that takes draw number <paramref name="draws"/> next.</returns>
    /// <exception cref="DataFormatException">The store is damaged or has another layout.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The store does not hold so many draws.</exception>
    public static InferenceWriter Continue(IZarrStore store, InferenceLayout layout, int draws)
    {
        ZarrMetadata metadata = ZarrMetadata.Read(store);
        InferenceWriter writer = new(store, layout, metadata, draws);
        int held = metadata.Header(store, writer.variables[0].Path).Shape is { Count: > DrawAxis } shape ? shape[DrawAxis] : 0;
        foreach (Growing array in writer.Arrays)
        {
            ZarrHeader found = metadata.Header(store, array.Path);
            if (!found.IsAlike(array.Header, array.Axis) || found.Shape[array.Axis] != held)
            {
                throw new DataFormatException(store.Name, array.Path, $"expected the layout of this run and {held} draws, found shape {ArrayShape.Text(found.Shape)}, chunks {ArrayShape.Text(found.Chunks)}, type {found.Descriptor}");
            }
        }

        if (draws < 0 || draws > held)
        {
            throw new ArgumentOutOfRangeException(nameof(draws), draws, $"{store.Name} holds {held} draws of each chain.");
        }

        if (draws % layout.DrawsInChunk != 0)
        {
            foreach (Growing array in writer.Arrays)
            {
                array.Load(store, draws, layout.DrawsInChunk);
            }
        }

        writer.Commit();
        return writer;
    }

    /// <summary>Takes one draw of all chains. Every full chunk goes to the store before this returns.</summary>
    /// <param name="values">For each variable of the layout, in order, [chains, size] row by row; truth values are 0 and 1, integers whole numbers.</param>
    /// <exception cref="ArgumentException">There are not so many variables or numbers, or a value cannot be stored as its variable's type; nothing of the draw is taken.</exception>
    public void Append(IReadOnlyList<ReadOnlyMemory<double>> values)
    {
        if (values.Count != this.variables.Length)
        {
            throw new ArgumentException($"{this.variables.Length} variables make a draw, not {values.Count}.", nameof(values));
        }

        for (int i = 0; i < this.variables.Length; i++)
        {
            this.variables[i].Check(values[i].Span, this.layout.Chains);
        }

        int place = Draws % this.layout.DrawsInChunk;
        for (int i = 0; i < this.variables.Length; i++)
        {
            this.variables[i].Put(values[i].Span, this.layout.Chains, place, this.layout.DrawsInChunk);
        }

        foreach (Growing counter in this.counters)
        {
            counter.Count(place, Draws);
        }

        Draws++;
        if (Draws % this.layout.DrawsInChunk == 0)
        {
            WriteChunks((Draws - 1) / this.layout.DrawsInChunk);
            foreach (Growing array in Arrays)
            {
                array.Clear();
            }
        }
    }

    /// <summary>Brings the draws of a chunk that is not full yet to the store, so that all draws handed over count.</summary>
    public void Flush()
    {
        if (this.committed < Draws)
        {
            WriteChunks(Draws / this.layout.DrawsInChunk);
        }
    }

    /// <summary>Flushes, and gives every group its last attributes, such as the time that sampling took.</summary>
    /// <param name="attributes">Where the draws come from.</param>
    public void Finish(InferenceAttributes attributes)
    {
        Flush();
        foreach (string group in this.layout.Drawn.Select(one => one.Name).Concat(this.layout.Fixed.Select(one => one.Name)).Append(""))
        {
            this.metadata.Write(this.store, group.Length == 0 ? ".zattrs" : $"{group}/.zattrs", attributes.WriteTo);
        }

        this.metadata.Commit(this.store);
    }

    private void WriteChunks(int chunk)
    {
        foreach (Growing array in Arrays)
        {
            array.Write(this.store, chunk);
        }

        Commit();
    }

    private void Commit()
    {
        foreach (Growing array in Arrays)
        {
            this.metadata.WriteHeader(this.store, array.Path, array.Header.WithLength(array.Axis, Draws));
        }

        this.metadata.Commit(this.store);
        this.committed = Draws;
    }

    private void WriteGroup(string name, IReadOnlyList<InferenceDimension> dimensions, InferenceAttributes attributes)
    {
        this.metadata.WriteGroup(this.store, name);
        this.metadata.Write(this.store, $"{name}/.zattrs", attributes.WriteTo);
        foreach (InferenceDimension dimension in dimensions)
        {
            WriteCoordinate(name, dimension.Name, dimension.Length, dimension.Labels);
        }
    }

    private void WriteCoordinate(string group, string name, int length, IReadOnlyList<string>? labels)
    {
        (string descriptor, byte[] elements) = labels is null
            ? (Npy.DescriptorOf(NpyType.Int64), LittleEndian.ToBytes<long>([.. Enumerable.Range(0, length)]))
            : ZarrChunks.Encode(labels);
        WriteFixed($"{group}/{name}", descriptor, [length], [name], elements);
    }

    private void WriteFixed(string path, string descriptor, IReadOnlyList<int> shape, IReadOnlyList<string> dimensions, ReadOnlyMemory<byte> elements)
    {
        ZarrHeader header = new(shape, shape, descriptor, this.layout.Compressed);
        ZarrChunks.Write(this.store, path, header, new int[shape.Count], elements);
        this.metadata.WriteArray(this.store, path, header, dimensions);
    }

    /// <summary>One array that grows, and its chunk that is being filled: [chains, draws in a chunk, size], or [draws in a chunk] for the numbers of the draws.</summary>
    private sealed class Growing
    {
        private readonly byte[] buffer;

        public Growing(string path, ZarrHeader header, int axis, InferenceVariable? variable)
        {
            Path = path;
            Header = header;
            Axis = axis;
            Variable = variable;
            this.buffer = new byte[header.ChunkBytes];
            Clear();
        }

        public string Path { get; }

        public ZarrHeader Header { get; }

        public int Axis { get; }

        public InferenceVariable? Variable { get; }

        /// <summary>Padding, so that the bytes of a chunk at the end depend on its draws alone.</summary>
        public void Clear()
        {
            this.buffer.AsSpan().Clear();
            if (Variable?.Type == NpyType.Float64)
            {
                for (int at = 0; at < this.buffer.Length; at += sizeof(double))
                {
                    BinaryPrimitives.WriteDoubleLittleEndian(this.buffer.AsSpan(at), double.NaN);
                }
            }
        }

        public void Check(ReadOnlySpan<double> values, int chains)
        {
            InferenceVariable variable = Variable!;
            if (values.Length != chains * variable.Size)
            {
                throw new ArgumentException($"{variable.Name} has {chains} × {variable.Size} numbers in a draw, not {values.Length}.", nameof(values));
            }

            foreach (double value in values)
            {
                bool sound = variable.Type switch
                {
                    NpyType.Float64 => true,
                    NpyType.Boolean => value is 0 or 1,
                    _ => Math.Abs(value) <= 1L << 53 && Math.Floor(value) == value,
                };
                if (!sound)
                {
                    throw new ArgumentException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value} is not a {variable.Type} value of {variable.Name}."), nameof(values));
                }
            }
        }

        public void Put(ReadOnlySpan<double> values, int chains, int place, int drawsInChunk)
        {
            int size = Variable!.Size;
            int element = Header.ElementSize;
            for (int chain = 0; chain < chains; chain++)
            {
                Span<byte> target = this.buffer.AsSpan(((chain * drawsInChunk) + place) * size * element, size * element);
                ReadOnlySpan<double> row = values.Slice(chain * size, size);
                for (int i = 0; i < size; i++)
                {
                    switch (Variable.Type)
                    {
                        case NpyType.Float64:
                            BinaryPrimitives.WriteDoubleLittleEndian(target[(i * element)..], row[i]);
                            break;
                        case NpyType.Int64:
                            BinaryPrimitives.WriteInt64LittleEndian(target[(i * element)..], (long)row[i]);
                            break;
                        default:
                            target[i] = (byte)row[i];
                            break;
                    }
                }
            }
        }

        public void Count(int place, int draw) => BinaryPrimitives.WriteInt64LittleEndian(this.buffer.AsSpan(place * sizeof(long)), draw);

        public void Write(IZarrStore store, int chunk) => ZarrChunks.Write(store, Path, Header, ChunkAt(chunk), this.buffer);

        /// <summary>The draws of the chunk in which the store ends, up to a draw; the rest becomes padding.</summary>
        public void Load(IZarrStore store, int draws, int drawsInChunk)
        {
            byte[] stored = ZarrChunks.Read(store, Path, Header, ChunkAt(draws / drawsInChunk));
            int kept = draws % drawsInChunk * (Variable?.Size ?? 1) * Header.ElementSize;
            int row = drawsInChunk * (Variable?.Size ?? 1) * Header.ElementSize;
            for (int start = 0; start < stored.Length; start += row)
            {
                stored.AsSpan(start, kept).CopyTo(this.buffer.AsSpan(start));
            }
        }

        private int[] ChunkAt(int chunk)
        {
            int[] place = new int[Header.Shape.Count];
            place[Axis] = chunk;
            return place;
        }
    }
}
