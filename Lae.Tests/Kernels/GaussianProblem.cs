using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Kernels;

/// <summary>The kinds of preconditioner that a problem can have.</summary>
public enum PreconditionerKind
{
    Identity,
    Diagonal,
    Dense,
    InversePrecision,
}

/// <summary>
/// A generated Gaussian target N(m, T A⁻¹) with a step size and a preconditioner P, and what ULA does on it by the closed formulas, in MathNet's arithmetic: an
/// oracle that shares no code with Lae's tensors. T is never 1.
/// </summary>
public sealed record GaussianProblem(int Dimension, double Condition, double Scale, double Relative, double Temperature, PreconditionerKind Kind, int Seed)
{
    private Matrix<double>? precision;
    private Matrix<double>? preconditioner;

    public static Gen<GaussianProblem> All { get; } = Problems([PreconditionerKind.Identity, PreconditionerKind.Diagonal, PreconditionerKind.Dense, PreconditionerKind.InversePrecision]);

    public static Gen<GaussianProblem> WithIdentity { get; } = Problems([PreconditionerKind.Identity]);

    /// <summary>A, with eigenvalues from scale to scale · condition.</summary>
    public Matrix<double> Precision => precision ??= Positive(Dimension, Scale, Scale * Condition, Seed);

    /// <summary>P.</summary>
    public Matrix<double> Preconditioner => preconditioner ??= Kind switch
    {
        PreconditionerKind.Identity => Matrix<double>.Build.DenseIdentity(Dimension),
        PreconditionerKind.Diagonal => Matrix<double>.Build.DiagonalOfDiagonalVector(Normals(Seed + 1, 1, Dimension).Row(0).PointwiseExp()),
        PreconditionerKind.Dense => Positive(Dimension, 0.5, 5, Seed + 2),
        _ => Symmetric(Precision.Inverse()),
    };

    public Vector<double> Mean => 3 * Normals(Seed + 3, 1, Dimension).Row(0);

    /// <summary>L, the largest eigenvalue of P A.</summary>
    public double Largest
    {
        get
        {
            Matrix<double> root = Preconditioner.Cholesky().Factor;
            return (root.Transpose() * Precision * root).Evd(Symmetricity.Symmetric).EigenValues.Real().Maximum();
        }
    }

    /// <summary>h, so that h L is the relative step size.</summary>
    public double StepSize => Relative / Largest;

    public LangevinSettings Settings => SettingsAt(StepSize);

    public Target Target => GaussianTarget.Dense(Tensor.FromArray(Mean.ToArray()), ToTensor(Precision));

    public Kernel<LangevinState> Unadjusted => UnadjustedLangevin.Create(Target, Settings);

    public Kernel<LangevinState> Adjusted => MetropolisLangevin.Create(Target, Settings);

    /// <summary>B = I − h P A.</summary>
    public Matrix<double> Drift => Matrix<double>.Build.DenseIdentity(Dimension) - (StepSize * Preconditioner * Precision);

    /// <summary>C Cᵀ = 2 h T P.</summary>
    public Matrix<double> NoiseCovariance => 2 * StepSize * Temperature * Preconditioner;

    /// <summary>T (A − (h/2) A P A)⁻¹.</summary>
    public Matrix<double> StationaryCovariance => StationaryCovarianceAt(StepSize);

    public Matrix<double> StationaryCovarianceAt(double stepSize) =>
        Symmetric(Temperature * (Precision - (0.5 * stepSize * Precision * Preconditioner * Precision)).Inverse());

    public LangevinSettings SettingsAt(double stepSize) => new(stepSize, Temperature, Kind switch
    {
        PreconditionerKind.Identity => null,
        PreconditionerKind.Diagonal => Lae.Kernels.Preconditioner.Diagonal(Tensor.FromArray(Preconditioner.Diagonal().ToArray())),
        _ => Lae.Kernels.Preconditioner.Dense(ToTensor(Preconditioner)),
    });

    /// <summary>Positions of a few chains around the mean.</summary>
    public Tensor Positions(int chains = 5) => Tensor.FromArray(Mean.ToArray()) + ToTensor(Normals(Seed + 4, chains, Dimension));

    public static Tensor ToTensor(Matrix<double> matrix) => Tensor.FromArray(matrix.Transpose().ToColumnMajorArray(), matrix.RowCount, matrix.ColumnCount);

    public static Matrix<double> ToMatrix(Tensor tensor) => Matrix<double>.Build.DenseOfRowMajor(tensor.Shape[0], tensor.Shape[1], tensor.ToArray());

    /// <summary>Standard normal numbers of a seed.</summary>
    public static Matrix<double> Normals(int seed, int rows, int columns)
    {
        double[] values = new double[rows * columns];
        RowDraws.Normal(RandomKey.FromSeed((ulong)seed), 0, 0, rows, columns, values);
        return Matrix<double>.Build.DenseOfRowMajor(rows, columns, values);
    }

    public static Tensor Noise(int seed, int rows, int columns) => ToTensor(Normals(seed, rows, columns));

    public static Matrix<double> Rotation(int dimension, int seed) => Normals(seed, dimension, dimension).QR().Q;

    /// <summary>A random symmetric matrix with eigenvalues spread evenly on a log scale.</summary>
    public static Matrix<double> Positive(int dimension, double smallest, double largest, int seed)
    {
        Matrix<double> q = Rotation(dimension, seed);
        Vector<double> values = Vector<double>.Build.Dense(dimension, i => dimension == 1 ? largest : smallest * Math.Pow(largest / smallest, (double)i / (dimension - 1)));
        return Symmetric(q * Matrix<double>.Build.DiagonalOfDiagonalVector(values) * q.Transpose());
    }

    public static double Gap(Matrix<double> a, Matrix<double> b) => (a - b).Enumerate().Max(Math.Abs) / b.Enumerate().Max(Math.Abs);

    private static Matrix<double> Symmetric(Matrix<double> a) => 0.5 * (a + a.Transpose());

    private static Gen<GaussianProblem> Problems(PreconditionerKind[] kinds) =>
        from dimension in Gen.Choose(1, 6)
        from condition in Gen.Choose(0, 3000)
        from scale in Gen.Choose(-1000, 1000)
        from relative in Gen.Choose(20, 1899)
        from hot in Gen.Elements(-1, 1)
        from temperature in Gen.Choose(100, 1000)
        from kind in Gen.Elements(kinds)
        from seed in Gen.Choose(0, 1_000_000)
        select new GaussianProblem(
            dimension, Math.Pow(10, condition / 1000.0), Math.Pow(10, scale / 1000.0), relative / 1000.0, Math.Pow(10, hot * temperature / 1000.0), kind, seed);
}

/// <summary>How properties are run: a fixed seed, the case printed where one fails.</summary>
public static class Generated
{
    public static void ForAll<T>(Gen<T> cases, Action<T> law, int count = 100) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(20_261_122, 7), Prop.ForAll(cases.ToArbitrary(), law));
}
