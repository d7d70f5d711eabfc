using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>
/// A generated posterior whose every quantity is known: N data y_i ~ N(x, Λ⁻¹), prior x ~ N(m, A₀⁻¹). The posterior is Gaussian with precision A = A₀ + N Λ; the gradient's noise over all batches of n does not
/// depend on x. Small enough to go through every batch. T is never 1.
/// </summary>
public sealed record LocationProblem(int Dimension, int Count, int Size, double Relative, double Temperature, int Seed)
{
    public static Gen<LocationProblem> All { get; } = Problems(1, 4);

    public static Gen<LocationProblem> InOneDimension { get; } = Problems(1, 1);

    /// <summary>y, [N, dimension].</summary>
    public Matrix<double> Data => (2 * Normals(Seed, Count, Dimension)) + 1;

    /// <summary>Λ.</summary>
    public Matrix<double> DataPrecision => Positive(Dimension, 0.4, 1.5, Seed + 1);

    public Matrix<double> PriorPrecision => Positive(Dimension, 0.5, 3, Seed + 2);

    public Vector<double> PriorMean => Normals(Seed + 3, 1, Dimension).Row(0);

    /// <summary>A.</summary>
    public Matrix<double> Precision => PriorPrecision + (Count * DataPrecision);

    /// <summary>A⁻¹ (A₀ m + Λ Σ y_i).</summary>
    public Vector<double> Mean => Precision.Solve((PriorPrecision * PriorMean) + (DataPrecision * Data.ColumnSums()));

    /// <summary>h, so that h times the largest eigenvalue of A is the relative step size.</summary>
    public double StepSize => Relative / Precision.Evd(Symmetricity.Symmetric).EigenValues.Real().Maximum();

    public IStepSchedule Schedule => new ConstantSchedule(StepSize);

    /// <summary>V, the covariance of the gradient over all batches without replacement: N (N − n)/n Λ S Λ, S with divisor N − 1 (I-39).</summary>
    public Matrix<double> GradientNoise => (Count == 1 ? 0 : Count * (Count - (double)Size) / Size / (Count - 1)) * Scatter;

    /// <summary>The same with replacement: N²/n Λ S Λ, S with divisor N.</summary>
    public Matrix<double> GradientNoiseWithReplacement => (Count / (double)Size) * Scatter;

    /// <summary>Every batch without replacement, in rising order.</summary>
    public int[][] Batches => [.. Combinations(Count, Size)];

    public Target Prior => GaussianTarget.Dense(Tensor.FromArray(PriorMean.ToArray()), ToTensor(PriorPrecision));

    /// <summary>By differentiation of the log-likelihood of a row: −|(y − x) L|²/2 with Λ = L Lᵀ.</summary>
    public DataTarget Posterior
    {
        get
        {
            Tensor root = ToTensor(DataPrecision.Cholesky().Factor);
            return DataTarget.FromFunction(Prior, ToTensor(Data), (x, rows) =>
            {
                Tensor deviation = rows - x;
                return deviation.Reshape(deviation.Count / Dimension, Dimension).MatMul(root).Square().Sum(1).Reshape(deviation.Shape[0], deviation.Shape[1]) * -0.5;
            });
        }
    }

    /// <summary>The same posterior with gradients by hand.</summary>
    public DataTarget ByHand
    {
        get
        {
            Tensor table = ToTensor(Data);
            Tensor precision = ToTensor(DataPrecision);
            return DataTarget.FromGradient(Prior, Count, (x, indices) =>
            {
                int chains = x.Shape[0];
                Tensor rows = indices is null ? table.Reshape(1, Count, Dimension) : DataTarget.RowsOf(table, indices);
                Tensor deviation = rows - x.Reshape(chains, 1, Dimension);
                Tensor shaped = deviation.Reshape(deviation.Count / Dimension, Dimension).MatMul(precision).Reshape(deviation.Shape);
                return new LogDensityAndGradient((deviation * shaped).Sum(2).Sum(1) * -0.5, shaped.Sum(1));
            });
        }
    }

    private Matrix<double> Scatter
    {
        get
        {
            Matrix<double> centred = Matrix<double>.Build.DenseOfRowVectors(Data.EnumerateRows().Select(row => row - (Data.ColumnSums() / Count)));
            return DataPrecision * centred.Transpose() * centred * DataPrecision;
        }
    }

    /// <summary>A kernel whose every state begins with one batch: what is read off is the step with that batch.</summary>
    public static Kernel<StochasticState> WithBatch(Kernel<StochasticState> kernel, int[] batch) => new(
        kernel.Name, kernel.Dimension, kernel.DType, position => kernel.Refresh(Chosen(kernel.Initialize(position), Indices([batch], position.Shape[0]))), kernel.Refresh, kernel.DrawNoise, kernel.Advance);

    /// <summary>
    /// The affine step averaged over all batches: B and the mean of c, with C Cᵀ and the covariance of c over the batches added up. The law of a chain with a fresh batch each step has the mean and covariance of
    /// this map, where B is the same for every batch.
    /// </summary>
    public AffineMap Averaged(Kernel<StochasticState> kernel)
    {
        AffineMap[] maps = [.. Batches.Select(batch => AffineMap.ReadOff(WithBatch(kernel, batch)))];
        Assert.All(maps, map => Assert.True((map.State - maps[0].State).Abs().Flatten().Max(0).ToDouble() < 1e-11 && (map.Noise - maps[0].Noise).Abs().Flatten().Max(0).ToDouble() < 1e-12));
        Matrix<double> offsets = Matrix<double>.Build.DenseOfRowArrays(maps.Select(map => map.Offset.ToArray()));
        Vector<double> mean = offsets.ColumnSums() / maps.Length;
        Matrix<double> spread = Matrix<double>.Build.DenseOfRowVectors(offsets.EnumerateRows().Select(row => (row - mean) / Math.Sqrt(maps.Length)));
        return new AffineMap(maps[0].State, Shaping.Join(1, maps[0].Noise, ToTensor(spread.Transpose())), Tensor.FromArray(mean.ToArray()));
    }

    /// <summary>Indices of given batches, each repeated for so many chains.</summary>
    public static Tensor Indices(int[][] batches, int repeats = 1) => Tensor.FromArray(
        [.. batches.SelectMany(batch => Enumerable.Repeat(batch, repeats).SelectMany(row => row.Select(i => (double)i)))], batches.Length * repeats, batches[0].Length);

    public static IEnumerable<int[]> Combinations(int count, int size)
    {
        if (size == 0)
        {
            return [[]];
        }

        return Enumerable.Range(size - 1, count - size + 1).SelectMany(last => Combinations(last, size - 1).Select(rest => (int[])[.. rest, last]));
    }

    private static StochasticState Chosen(StochasticState state, Tensor indices)
    {
        Tensor[] leaves = [.. Enumerable.Range(0, state.Layout.Count).Select(i => state.Layout[i].Name == "indices" ? indices : state.Leaf(i))];
        return state.WithLeaves(leaves);
    }

    private static Gen<LocationProblem> Problems(int smallest, int largest) =>
        from dimension in Gen.Choose(smallest, largest)
        from count in Gen.Choose(1, 7)
        from size in Gen.Choose(1, 7)
        from relative in Gen.Choose(20, 1899)
        from hot in Gen.Elements(-1, 1)
        from temperature in Gen.Choose(100, 1000)
        from seed in Gen.Choose(0, 1_000_000)
        select new LocationProblem(dimension, count, 1 + ((size - 1) % count), relative / 1000.0, Math.Pow(10, hot * temperature / 1000.0), seed);
}
